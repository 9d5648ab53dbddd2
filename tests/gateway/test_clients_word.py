"""`playlog clients`: two keys, services, limits, secrets at rest, explanations, and the ledger of use."""

import argparse
import io
import subprocess
import unittest
import uuid
from contextlib import redirect_stderr, redirect_stdout

from commands import clients
from devstack.mariadb_settings import REGION
from devstack.stack import Stack
from tests.integration.shared_stack import shared_stack

#: All that is kept of keys and secrets; and who they are.
DUMP = """
SELECT name, HEX(key_hmac) FROM client; SELECT client, HEX(key_hmac), HEX(secret_sealed) FROM client_key;
SELECT client, service FROM client_service; SELECT client FROM client_usage; SELECT HEX(nonce_hash) FROM oauth_nonce;"""


class WordCase(unittest.TestCase):
    """Runs the word within this process: as a process of its own it runs in all other tests here."""

    stack: Stack

    @classmethod
    def setUpClass(cls) -> None:
        cls.stack = shared_stack()

    def setUp(self) -> None:
        self.name = f"w-{uuid.uuid4().hex[:10]}"

    def run_word(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        parser = argparse.ArgumentParser("playlog clients")
        clients.parser(parser)
        out, error = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(error):
            try:
                status = clients.run(parser.parse_args(arguments), self.stack.environ("clients") | settings)
            except SystemExit as ended:
                status = int(ended.code or 0)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), error.getvalue())

    def done(self, *arguments: str) -> str:
        """Standard output of an action that succeeds."""
        found = self.run_word(*arguments)
        self.assertEqual(found.returncode, 0, found.stderr)
        return found.stdout

    def refused(self, *arguments: str, says: str) -> None:
        found = self.run_word(*arguments)
        self.assertEqual((found.returncode, found.stdout), (1, ""), found.stderr)
        self.assertIn(says, found.stderr)


class ActionsTest(WordCase):
    def test_a_client_is_added_shown_listed_and_revoked(self) -> None:
        added = self.run_word("add", self.name, "--test", "--limit", "4000", "--allow", "tracks", "--signed", "logs.*")
        self.assertRegex(added.stdout, r"\A[0-9a-f]{32}\n[0-9a-f]{32}\n\Z")
        for secret in added.stdout.split():
            self.assertNotIn(secret, added.stderr)
        self.refused("add", self.name, says="There is a client")
        line = rf"(?m)^{self.name}\ttest\t\S+Z\t-\t4000\tlogs\.\*,tracks$"
        self.assertRegex(self.done("list"), line)
        shown = self.done("show", self.name)
        for part in ("4000 requests a day", "logs.*, signed requests only", "never used", "secret sealed with local"):
            self.assertIn(part, shown)
        self.assertEqual([self.run_word("revoke", self.name).returncode for _ in range(2)], [0, 0])
        self.assertRegex(self.done("show", self.name), r"(?m)^revoked   20")
        for action in (
            ["rotate"],
            ["allow", "tracks"],
            ["deny", "tracks"],
            ["limit", "5"],
            ["revoke", "--key", "0" * 8],
        ):
            self.refused(action[0], self.name, *action[1:], says="was revoked on")

    def test_what_is_wrong_is_said_with_the_way_out(self) -> None:
        for action in ("show", "rotate", "revoke"):
            self.refused(action, self.name, says="There is no client")
        for wrong in (
            ["add", "a name with blanks"],
            ["add", self.name, "--allow", "everything"],
            ["add", self.name, "--limit", "-1"],
            ["limit", self.name, "many"],
            ["usage", "--date", "yesterday"],
        ):
            found = self.run_word(*wrong)
            self.assertEqual((found.returncode, found.stdout), (2, ""))
            self.assertIn("must", found.stderr)

    def test_a_client_without_services_is_told_so(self) -> None:
        self.assertIn("may use nothing yet", self.run_word("add", self.name).stderr)

    def test_two_keys_at_most_and_the_last_one_stays(self) -> None:
        self.done("add", self.name, "--allow", "tracks")
        first = self.key_ids()[0]
        self.done("rotate", self.name)
        self.refused("rotate", self.name, says="has two live keys")
        (second,) = set(self.key_ids()) - {first}
        self.done("revoke", self.name, "--key", first)
        self.done("revoke", self.name, "--key", first)
        self.refused("revoke", self.name, "--key", second, says="the last live key")
        self.refused("revoke", self.name, "--key", "zzz", says="has no key zzz")
        # What the version before reads of a client is a key that works.
        sql = f"SELECT HEX(key_hmac) FROM client WHERE name = '{self.name}'"
        self.assertTrue(self.stack.mariadb.execute(sql, REGION).strip().lower().startswith(second))

    def test_a_client_of_the_version_before_keeps_its_key_beside_a_second_one(self) -> None:
        # As the word of the version before adds one: it knows these columns alone.
        key_hmac = f"UNHEX('{uuid.uuid4().hex * 2}')"
        sql = f"INSERT INTO client (name, key_hmac, created_at) VALUES ('{self.name}', {key_hmac}, NOW(6))"
        self.stack.mariadb.execute(sql, REGION)
        self.done("rotate", self.name)
        shown = self.done("show", self.name)
        self.assertEqual(shown.count(", live, added"), 2)
        self.assertIn("service   logs.*\n", shown)

    def key_ids(self) -> list[str]:
        shown = self.done("show", self.name)
        return [line.split()[1].rstrip(",") for line in shown.splitlines() if line.startswith("key ")]

    def test_services_and_limits_change(self) -> None:
        self.done("add", self.name, "--allow", "logs.preview")
        self.done("allow", self.name, "legacy.artist", "--signed")
        self.done("limit", self.name, "7")
        shown = self.done("show", self.name)
        for part in (
            "service   legacy.artist, signed requests only",
            "service   logs.preview\n",
            "limit     7 requests",
        ):
            self.assertIn(part, shown)
        self.done("deny", self.name, "logs.preview")
        self.refused("deny", self.name, "logs.preview", says="wasn't allowed")
        self.done("limit", self.name, "none")
        self.assertIn("limit     unlimited", self.done("show", self.name))

    def test_neither_key_nor_secret_is_in_the_database(self) -> None:
        handed = self.done("add", self.name).split() + self.done("rotate", self.name).split()
        self.assertEqual(len(set(handed)), 4)
        dump = self.stack.mariadb.execute(DUMP, REGION)
        self.assertIn(self.name, dump)
        for secret in handed:
            for form in (secret, secret.upper(), secret.encode().hex().upper()):
                self.assertNotIn(form, dump)

    def test_rekey_seals_all_secrets_under_the_newest_key(self) -> None:
        self.done("add", self.name)
        old = self.stack.environ("clients")["CLIENT_SECRET_KEYS"]
        newest = f"k{uuid.uuid4().hex[:8]}"
        found = self.run_word("rekey", CLIENT_SECRET_KEYS=f"{newest}:{'ab' * 32}")
        self.assertEqual(found.returncode, 1)
        self.assertIn("the key local, which CLIENT_SECRET_KEYS hasn't", found.stderr)
        found = self.run_word("rekey", CLIENT_SECRET_KEYS=f"{newest}:{'ab' * 32},{old}")
        self.assertIn("; no other is left", found.stderr)
        self.assertIn(f"secret sealed with {newest}", self.done("show", self.name))
        # And back, for whoever uses this stack.
        self.assertEqual(self.run_word("rekey", CLIENT_SECRET_KEYS=f"{old},{newest}:{'ab' * 32}").returncode, 0)
        self.assertIn("secret sealed with local", self.done("show", self.name))
