"""Rows as SQL text: nothing a value holds can end its literal, and a bad value is named, never quoted."""

import unittest
from typing import Any

from consumer.play_logs.decode import entries_of
from consumer.play_logs.encode import BadItem, RowEncoder, statements
from tests.fakes.play_requests import booked, log, request


def escape(data: bytes) -> bytes:
    return data.replace(b"\\", b"\\\\").replace(b"'", b"\\'")


def row(**changes: Any) -> bytes:
    (entry,) = entries_of([booked(0, request(log(**changes)))])
    return RowEncoder(escape).play_log(entry, 0)


class RowTest(unittest.TestCase):
    def test_opaque_ids_are_written_as_bytes(self) -> None:
        for user in ("u1", "u1 ", "U1", "'); DROP TABLE play_log; --", "ü"):
            self.assertIn(b",x'%s'," % user.encode().hex().encode(), row(userId=user))

    def test_text_is_escaped(self) -> None:
        self.assertIn(rb"'it\'s'", row(userAgent="it's"))

    def test_what_is_missing_is_null(self) -> None:
        self.assertEqual(row().count(b"NULL"), 4)  # release, format, end reason, own id

    def test_a_value_of_another_type_is_named_and_not_quoted(self) -> None:
        for changes, field in (
            ({"trackId": "secret"}, "trackId"),
            ({"trackId": True}, "trackId"),
            ({"trackId": 1.5}, "trackId"),
            ({"trackId": 2**70}, "trackId"),
            ({"userId": 7}, "userId"),
            ({"userAgent": None}, "userAgent"),
            ({"country": "secret '"}, "country"),
            ({"playMode": ["secret"]}, "playMode"),
            ({"dateTimePlayed": "secret"}, "dateTimePlayed"),
            ({"dateTimePlayed": "2026-02-30T00:00:00.000000Z"}, "dateTimePlayed"),
            ({"dateTimePlayed": "2026-03-10T11:00:00.000000Z\n"}, "dateTimePlayed"),
        ):
            encoder = RowEncoder(escape)
            (entry,) = entries_of([booked(0, request(log()))])
            assert entry.request is not None
            entry.request.items[0].update(changes)
            with self.assertRaises(BadItem) as caught:
                encoder.play_log(entry, 0)
            self.assertIn(field, str(caught.exception))
            self.assertNotIn("secret", str(caught.exception))


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
