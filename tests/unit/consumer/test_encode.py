"""Multi-row statements: every row is in one, and none is too long."""

import unittest

from consumer.encode import statements


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
