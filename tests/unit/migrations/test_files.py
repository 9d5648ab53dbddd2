"""Reads and splits migration files."""

import tempfile
import unittest
from pathlib import Path

from migrations.files import BadMigrations, read_migrations, split

FOLDER = Path(__file__).parents[3] / "migrations"


class Split(unittest.TestCase):
    def test_a_file_is_its_statements_without_comments(self) -> None:
        sql = "-- first\nCREATE TABLE a (x INT); # more\n/* and ; more */ INSERT INTO a VALUES (1);\n"
        self.assertEqual(split(sql), ("CREATE TABLE a (x INT)", "INSERT INTO a VALUES (1)"))

    def test_a_semicolon_or_comment_mark_in_a_string_ends_nothing(self) -> None:
        for text in ("';--'", "'it''s;'", "'\\';'", '"a;#"', "`a;`", "'/* x */;'"):
            self.assertEqual(split(f"SELECT {text}; SELECT 2"), (f"SELECT {text}", "SELECT 2"), text)

    def test_two_hyphens_without_a_blank_are_a_sum(self) -> None:
        self.assertEqual(split("SELECT 5--1"), ("SELECT 5--1",))

    def test_a_quote_that_is_never_closed_is_an_error(self) -> None:
        with self.assertRaisesRegex(BadMigrations, "never closed"):
            split("SELECT 'a; SELECT 2")


class Read(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, *names: str) -> None:
        for name in names:
            (self.folder / name).write_text("SELECT 1")

    def test_what_takes_something_away_names_the_oldest_code_that_can_do_without(self) -> None:
        self.write("0001_a.sql")
        (self.folder / "0002_b.sql").write_text("-- Why.\n-- oldest code: 0001\nDROP TABLE a")
        self.assertEqual([each.oldest_code for each in read_migrations(self.folder)], [0, 1])
        (self.folder / "0002_b.sql").write_text("-- oldest code: 0002\nDROP TABLE a")
        with self.assertRaisesRegex(BadMigrations, "0002_b.sql: the version before must work on it"):
            read_migrations(self.folder)

    def test_what_takes_something_away_and_names_no_oldest_code_is_refused(self) -> None:
        taking = ("DROP TABLE a", "ALTER TABLE a\n  drop COLUMN x", "RENAME TABLE a TO b", "ALTER TABLE a MODIFY x INT")
        for sql in taking:
            (self.folder / "0001_a.sql").write_text(sql)
            with self.subTest(sql), self.assertRaisesRegex(BadMigrations, "0001_a.sql: [A-Z]+ takes away"):
                read_migrations(self.folder)
        for sql in ("-- DROP nothing\nSELECT 1", "-- oldest code: 0000\nALTER TABLE a DROP INDEX b"):
            (self.folder / "0001_a.sql").write_text(sql)
            self.assertEqual([each.oldest_code for each in read_migrations(self.folder)], [0])

    def test_numbers_run_from_one_and_grants_are_no_migration(self) -> None:
        self.write("0002_b.sql", "0001_a.sql", "grants.sql")
        self.assertEqual([each.name for each in read_migrations(self.folder)], ["0001_a.sql", "0002_b.sql"])

    def test_a_gap_is_refused(self) -> None:
        self.write("0001_a.sql", "0003_c.sql")
        with self.assertRaisesRegex(BadMigrations, "0002 is missing"):
            read_migrations(self.folder)

    def test_a_number_used_twice_is_refused(self) -> None:
        self.write("0001_a.sql", "0001_b.sql")
        with self.assertRaisesRegex(BadMigrations, "0001_b.sql: number 0001 is that of 0001_a.sql"):
            read_migrations(self.folder)

    def test_a_name_of_another_form_is_refused(self) -> None:
        self.write("1_a.sql")
        with self.assertRaisesRegex(BadMigrations, "rename it"):
            read_migrations(self.folder)

    def test_the_files_of_both_databases_are_in_order(self) -> None:
        for database in ("region", "datacentre"):
            self.assertTrue(read_migrations(FOLDER / database))
