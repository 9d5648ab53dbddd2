"""Multi-row statements: every row is in one, and none is too long."""

import unittest
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from common.sql_rows import RowEncoder, statements


def escaped(text: bytes) -> bytes:
    """As a connection's escape_string in the usual SQL mode, for what is in these tests."""
    return text.replace(b"\\", b"\\\\").replace(b"'", b"\\'")


class LiteralTest(unittest.TestCase):
    def test_each_type_has_its_literal(self) -> None:
        noon = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
        for value, literal in (
            (None, b"NULL"),
            (True, b"1"),
            (False, b"0"),
            (-12, b"-12"),
            (b"\x00'", b"x'0027'"),
            ("it's", b"'it\\'s'"),
            (date(2026, 3, 1), b"'2026-03-01'"),
            (noon.replace(tzinfo=None), b"'2026-03-01 12:00:00.000005'"),
            (noon, b"'2026-03-01 12:00:00.000005'"),
            (noon.replace(tzinfo=timezone(timedelta(hours=2))), b"'2026-03-01 10:00:00.000005'"),
            (Decimal("0.10"), b"0.10"),
            (Decimal("1E+3"), b"1000"),
            (Decimal("-0.0000001"), b"-0.0000001"),
        ):
            with self.subTest(value=value):
                self.assertEqual(RowEncoder(escaped).literal(value), literal)

    def test_a_type_without_a_literal_is_named(self) -> None:
        with self.assertRaisesRegex(TypeError, "no literal for float"):
            RowEncoder(escaped).literal(0.5)

    def test_a_row_has_all_its_values(self) -> None:
        self.assertEqual(RowEncoder(escaped).row([1, "a", None]), b"(1,'a',NULL)")


class StatementTest(unittest.TestCase):
    def test_every_row_is_in_one_statement_and_none_is_too_long(self) -> None:
        rows = [b"(%d)" % number for number in range(1000)]
        found = list(statements(b"INSERT ", rows, 100))
        self.assertEqual(sum(number for _, number in found), 1000)
        self.assertLessEqual(max(len(sql) for sql, _ in found), 100)
        self.assertEqual(b",".join(sql.removeprefix(b"INSERT ") for sql, _ in found), b",".join(rows))

    def test_a_row_over_the_limit_goes_alone(self) -> None:
        self.assertEqual([number for _, number in statements(b"", [b"x" * 50, b"y", b"z"], 10)], [1, 2])

    def test_no_rows_make_no_statement(self) -> None:
        self.assertEqual(list(statements(b"INSERT ", [], 10)), [])
