"""Least privilege in the databases: each word's user has the rights of its file, and tries in vain to do more."""

import re
import unittest
from contextlib import closing
from pathlib import Path

import MySQLdb

import migrations
from common.database import connect, database_url, run
from devstack.mariadb_settings import USERS
from devstack.words import NEEDS
from tests.integration.closed_stack import closed_stack, links

GRANT = re.compile(r"GRANT (.+?) ON (\w+)\.(\w+)\s+TO (\w+);", re.DOTALL)
#: What each word must not be able to do, beside changing tables.
FORBIDDEN = {
    "serve": (
        "region",
        [
            "INSERT INTO client (name) VALUES ('x')",
            "DELETE FROM client",
            "UPDATE client SET daily_limit = NULL",
            "UPDATE client_key SET revoked_at = NULL",
            "UPDATE client_key SET secret_sealed = NULL",
            "INSERT INTO client_service (client, service) VALUES ('x', 'tracks')",
            "DELETE FROM client_usage",
            "UPDATE catalogue_release SET version = 1",
            "DELETE FROM catalogue_track",
        ],
    ),
    "move": (
        "region",
        [
            "UPDATE move_version SET plan = ''",
            "DELETE FROM move_version",
            "DELETE FROM move_comparison",
            "INSERT INTO move_comparison (path) VALUES ('x')",
            "SELECT key_hmac FROM client_key",
            "UPDATE client SET revoked_at = NULL",
            "UPDATE catalogue_release SET version = 1",
        ],
    ),
    "moves": (
        "region",
        ["DELETE FROM move_version", "UPDATE move_comparison SET our_ms = 0", "SELECT * FROM client"],
    ),
    "clients": (
        "region",
        ["DELETE FROM client", "DELETE FROM client_key", "DROP TABLE client", "UPDATE client_usage SET used = 0"],
    ),
    "consume": (
        "datacentre",
        [
            "UPDATE play_log SET track_id = 1",
            "DELETE FROM request",
            "UPDATE request SET n_stored = 0",
            "UPDATE dead_letter SET state = 'dropped'",
            "INSERT INTO erased (client) VALUES ('x')",
            "SELECT * FROM report",
        ],
    ),
    "report": (
        "datacentre",
        [
            "INSERT INTO play_log (client) VALUES ('x')",
            "UPDATE play_log SET track_id = 1",
            "UPDATE consumer_offset SET next_offset = 0",
            "DELETE FROM report",
            "INSERT INTO day_cut (day) VALUES ('2026-01-01')",
        ],
    ),
    "ledger": (
        "datacentre",
        [
            "SELECT user_id FROM play_log",
            "SELECT user_agent FROM play_log",
            "SELECT value_zlib FROM dead_letter",
            "SELECT headers_json FROM dead_letter",
            "SELECT * FROM erased",
            "UPDATE consumer_offset SET next_offset = 0",
        ],
    ),
    "catalogue": (
        "datacentre",
        [
            "SELECT * FROM play_log",
            "UPDATE catalogue_published SET version = 1",
            "INSERT INTO catalogue_outbox (release_id) VALUES (1)",
            "DELETE FROM catalogue_outbox",
            "DELETE FROM catalogue_version",
            "UPDATE catalogue_load SET state = 'done'",
        ],
    ),
    "catalogue-produce": (
        "datacentre",
        [
            "UPDATE catalogue_release SET title = 'x'",
            "DELETE FROM catalogue_track",
            "DELETE FROM catalogue_version",
            "SELECT * FROM play_log",
        ],
    ),
    "catalogue-consume": (
        "region",
        [
            "SELECT * FROM client_key",
            "DELETE FROM catalogue_release",
            "DELETE FROM consumer_offset",
            "UPDATE client SET daily_limit = NULL",
        ],
    ),
    "dead-letters": (
        "datacentre",
        [
            "UPDATE request SET n_dead = 0",
            "UPDATE dead_letter SET value_zlib = NULL",
            "SELECT * FROM play_log",
            "DELETE FROM dead_letter",
        ],
    ),
    "listeners": (
        "datacentre",
        [
            "UPDATE play_log SET total_time_played = 0",
            "UPDATE dead_letter SET state = 'dropped'",
            "DELETE FROM play_log",
            "UPDATE report SET state = 'final'",
            "SELECT * FROM request",
        ],
    ),
}
#: 1142 and 1143: a command, or a column, is denied; 1044: a schema is.
DENIED = {1142, 1143, 1044}


class PrivilegesTest(unittest.TestCase):
    def try_as(self, user: str, word: str, schema: str, sql: str) -> int:
        """The error's number."""
        stack = closed_stack()
        base = f"mysql://{user}@127.0.0.1:{stack.mariadb.port}/playlog_{schema}?ssl_ca={links().certificates.ca}"

        def attempt() -> None:
            with closing(connect(database_url(base), stack.secrets[user])) as connection:
                run(connection, sql)

        with self.assertRaises(MySQLdb.Error, msg=f"{word}: {sql}") as refused:
            attempt()
        return int(refused.exception.args[0])

    def test_what_a_word_must_not_do_is_denied(self) -> None:
        for word, (schema, statements) in FORBIDDEN.items():
            need = NEEDS[word].region if schema == "region" else NEEDS[word].datacentre
            assert need is not None
            for sql in (*statements, "ALTER TABLE schema_migration ADD COLUMN x INT", "CREATE TABLE x (x INT)"):
                self.assertIn(self.try_as(need.name, word, schema, sql), DENIED, f"{word}: {sql}")

    def test_the_region_and_the_data_centre_do_not_know_each_others_users(self) -> None:
        for user, word, schema in (
            ("playlog_app", "serve", "datacentre"),
            ("playlog_persister", "consume", "region"),
            ("playlog_catalogue_producer", "catalogue-produce", "region"),
            ("playlog_catalogue_sink", "catalogue-consume", "datacentre"),
            ("playlog_reports", "report", "region"),
        ):
            self.assertIn(self.try_as(user, word, schema, "SELECT 1"), DENIED)

    def test_every_words_user_has_the_rights_of_the_files_and_no_other(self) -> None:
        stated: dict[str, set[tuple[str, str, str]]] = {}
        for database in ("region", "datacentre"):
            text = (Path(migrations.__file__).parent / database / "grants.sql").read_text()
            for rights, schema, table, user in GRANT.findall(text):
                for right in re.findall(r"(SELECT|INSERT|UPDATE|DELETE)\s*(\([^)]*\))?", rights):
                    columns = ", ".join(sorted(re.findall(r"\w+", right[1])))
                    stated.setdefault(user, set()).add((right[0], f"{schema}.{table}", columns))
        for user in USERS:
            if not user.changes_tables:
                self.assertEqual(self.granted(user.name), stated[user.name], user.name)

    def granted(self, user: str) -> set[tuple[str, str, str]]:
        """What the server says of a user's rights."""
        found: set[tuple[str, str, str]] = set()
        for line in closed_stack().mariadb.execute(f"SHOW GRANTS FOR {user}").splitlines():
            match = re.fullmatch(r"GRANT (.+) ON `(\w+)`\.`(\w+)` TO .*", line)
            if match is None:
                self.assertRegex(line, r"^GRANT USAGE ON \*\.\* TO ")
                continue
            for right, columns in re.findall(r"(SELECT|INSERT|UPDATE|DELETE)\s*(\([^)]*\))?", match[1]):
                found.add((right, f"{match[2]}.{match[3]}", ", ".join(sorted(re.findall(r"\w+", columns)))))
        return found

    def test_every_word_with_a_database_has_a_user_of_the_list(self) -> None:
        users = {need.name for each in NEEDS.values() for need in (each.region, each.datacentre) if need}
        self.assertEqual(users, {user.name for user in USERS})
        named = {NEEDS[word].region if FORBIDDEN[word][0] == "region" else NEEDS[word].datacentre for word in FORBIDDEN}
        self.assertEqual({each.name for each in named if each}, users - {"playlog_migrate"})
