"""Decides which migrations a database still needs."""

import unittest
from dataclasses import replace

from migrations.files import BadMigrations, Migration
from migrations.runner import Entry, pending

ONE = Migration(1, "0001_a.sql", b"a", ("A1", "A2"))
TWO = Migration(2, "0002_b.sql", b"b", ("B",))
FILES = [ONE, TWO]


def applied(migration: Migration) -> Entry:
    count = len(migration.statements)
    return Entry(migration.number, migration.name, migration.sha256, count, count, is_applied=True)


class Pending(unittest.TestCase):
    def test_a_new_database_needs_all(self) -> None:
        self.assertEqual(pending(FILES, []), [(ONE, None), (TWO, None)])

    def test_what_was_applied_is_not_applied_again(self) -> None:
        self.assertEqual(pending(FILES, [applied(ONE)]), [(TWO, None)])
        self.assertEqual(pending(FILES, [applied(ONE), applied(TWO)]), [])

    def test_one_that_was_cut_off_comes_with_how_far_it_got(self) -> None:
        half = Entry(1, ONE.name, ONE.sha256, 2, 1, is_applied=False)
        self.assertEqual(pending(FILES, [half]), [(ONE, half), (TWO, None)])

    def test_an_edited_file_is_refused_even_when_half_applied(self) -> None:
        for entry in (Entry(1, ONE.name, b"old", 2, 2, True), Entry(1, ONE.name, b"old", 2, 1, False)):
            with self.assertRaisesRegex(BadMigrations, "0001_a.sql was edited"):
                pending(FILES, [entry])

    def test_a_file_whose_first_statement_never_worked_may_be_corrected(self) -> None:
        failed = Entry(1, ONE.name, b"old", 0, 0, is_applied=False)
        self.assertEqual(pending(FILES, [failed])[0], (ONE, failed))

    def test_a_database_that_a_newer_version_only_added_to_needs_nothing(self) -> None:
        self.assertEqual(pending([ONE], [applied(ONE), applied(TWO)]), [])

    def test_a_database_that_lacks_what_this_version_needs_is_refused(self) -> None:
        took_away = replace(applied(TWO), oldest_code=1)
        self.assertEqual(pending([ONE], [applied(ONE), took_away]), [])
        with self.assertRaisesRegex(BadMigrations, "0002_b.sql took away what this version needs: it ends at 0000"):
            pending([], [applied(ONE), took_away])

    def test_a_gap_in_what_was_applied_is_refused(self) -> None:
        with self.assertRaisesRegex(BadMigrations, "gap"):
            pending(FILES, [applied(TWO)])
