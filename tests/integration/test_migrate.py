"""`playlog migrate` on a real server: each migration once, and interrupted runs."""

import shutil
import tempfile
from pathlib import Path

from common.database import rows, run
from common.locks import LockTaken, named_lock
from migrations.files import BadMigrations, Migration, read_migrations
from migrations.runner import OPEN_ENTRY, SAVE_PROGRESS, read_book
from tests.integration.migrate_case import SCHEMA, MigrateCase


class Files(MigrateCase):
    def write(self, **files: str) -> list[Migration]:
        """Migrations of the test's own: NAME='sql', numbered in the order given."""
        folder = Path(tempfile.mkdtemp(prefix="playlog-migrations-"))
        self.addCleanup(shutil.rmtree, folder)
        for number, (name, sql) in enumerate(files.items(), start=1):
            (folder / f"{number:04}_{name}.sql").write_text(sql)
        return read_migrations(folder)

    def test_each_is_applied_once_in_order(self) -> None:
        migrations = self.write(
            first="CREATE TABLE a (x INT)", second="ALTER TABLE a ADD y INT; INSERT INTO a VALUES (1, 2)"
        )
        self.assertEqual(self.migrate(migrations), 2)
        self.assertEqual(self.migrate(migrations), 0)
        self.assertEqual(rows(self.connection, "SELECT x, y FROM a"), [(1, 2)])
        self.assertEqual([entry.is_applied for entry in read_book(self.connection)], [True, True])
        self.assertEqual(self.told[0], f"{SCHEMA}: applied 0001_first.sql")

    def test_an_edited_file_is_refused(self) -> None:
        self.migrate(self.write(first="CREATE TABLE a (x INT)"))
        with self.assertRaisesRegex(BadMigrations, "0001_first.sql was edited"):
            self.migrate(self.write(first="CREATE TABLE a (x BIGINT)"))

    def test_a_version_that_went_back_works_on_what_the_newer_one_added(self) -> None:
        first = {"first": "CREATE TABLE a (x INT)"}
        self.migrate(self.write(**first, second="CREATE TABLE b (x INT)"))
        self.assertEqual(self.migrate(self.write(**first)), 0)
        self.assertIn("0002_second.sql is newer than this version", self.told[-1])

    def test_a_version_that_is_older_than_what_was_taken_away_is_refused(self) -> None:
        files = {"first": "CREATE TABLE a (x INT)", "second": "CREATE TABLE b (x INT)"}
        self.migrate(self.write(**files, third="-- oldest code: 0002\nDROP TABLE a"))
        self.assertEqual(self.migrate(self.write(**files)), 0)
        with self.assertRaisesRegex(BadMigrations, "0003_third.sql took away .* ends at 0001, and 0002 is the least"):
            self.migrate(self.write(first=files["first"]))

    def test_a_book_of_before_is_read_and_gets_its_new_column(self) -> None:
        migrations = self.write(first="CREATE TABLE a (x INT)", second="CREATE TABLE b (x INT)")
        self.migrate(migrations[:1])
        run(self.connection, "ALTER TABLE schema_migration DROP COLUMN oldest_code")
        self.assertEqual([entry.oldest_code for entry in read_book(self.connection)], [0])
        self.assertEqual(self.migrate(migrations), 1)
        self.assertEqual(len(rows(self.connection, "SHOW COLUMNS FROM schema_migration LIKE 'oldest_code'")), 1)

    def test_a_statement_that_fails_is_named_and_the_next_run_goes_on_there(self) -> None:
        broken = self.write(first="CREATE TABLE a (x INT); INSERT INTO missing VALUES (1); CREATE TABLE b (x INT)")
        with self.assertRaisesRegex(BadMigrations, "0001_first.sql, statement 2: .*1146"):
            self.migrate(broken)
        run(self.connection, "CREATE TABLE missing (x INT)")
        self.assertEqual(self.migrate(broken), 1)
        self.assertEqual(rows(self.connection, "SELECT * FROM missing"), [(1,)])

    def test_a_run_cut_off_after_its_statement_was_done_goes_on_behind_it(self) -> None:
        migrations = self.write(first="CREATE TABLE a (x INT); CREATE TABLE b (x INT)")
        self.migrate([])
        first = migrations[0]
        run(self.connection, OPEN_ENTRY, (1, first.name, first.sha256, 0))
        run(self.connection, SAVE_PROGRESS, (1, 0, 1))
        run(self.connection, first.statements[0])
        self.assertEqual(self.migrate(migrations), 1)
        self.assertEqual(len(rows(self.connection, "SHOW TABLES")), 3)

    def test_a_table_of_somebody_else_is_not_taken_for_our_own(self) -> None:
        migrations = self.write(first="CREATE TABLE a (x INT)")
        run(self.connection, "CREATE TABLE a (y INT)")
        for _ in range(2):
            with self.assertRaisesRegex(BadMigrations, "statement 1: .*1050"):
                self.migrate(migrations)

    def test_two_runs_at_once_do_not_meet(self) -> None:
        name = f"playlog:migrate:{SCHEMA}"
        with named_lock(self.connect(), name, 0), self.assertRaises(LockTaken), named_lock(self.connection, name, 0):
            self.fail("two runs had the lock")
        with named_lock(self.connection, name, 0):
            pass
