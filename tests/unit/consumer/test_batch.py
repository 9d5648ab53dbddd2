"""Batches: when they are due, how much they take, and that nothing is left out between them."""

import unittest

from consumer.batch import Buffer, Limits, Polled
from tests.fakes.play_requests import NOON, log, polled, request


class BufferTest(unittest.TestCase):
    def test_is_due_by_rows_by_bytes_and_by_age(self) -> None:
        record = polled(0, request(*[log()] * 10))
        for limits, expected in (
            (Limits(10, 10**9, 60), True),
            (Limits(11, 10**9, 60), False),
            (Limits(11, record.size_bytes, 60), True),
            (Limits(11, 10**9, 5), True),
        ):
            buffer = Buffer()
            buffer.add(record, 100.0)
            self.assertEqual(buffer.is_due(limits, 105.0), expected, limits)

    def test_an_empty_buffer_is_never_due(self) -> None:
        self.assertFalse(Buffer().is_due(Limits(1, 1, 0), 1e9))

    def test_takes_in_order_and_leaves_nothing_out(self) -> None:
        buffer = Buffer()
        for offset in range(7):
            buffer.add(polled(offset, request(log(), log())), 0.0)
        taken = []
        while buffer.records:
            batch = buffer.take(Limits(5, 10**9, 1))
            self.assertLessEqual(sum(each.rows for each in batch), 5)
            taken += [each.offset for each in batch]
        self.assertEqual(taken, list(range(7)))
        self.assertEqual((buffer.rows, buffer.bytes), (0, 0))

    def test_takes_a_record_that_is_over_the_limits_alone(self) -> None:
        buffer = Buffer()
        buffer.add(polled(0, request(*[log()] * 9)), 0.0)
        buffer.add(polled(1), 0.0)
        self.assertEqual([each.offset for each in buffer.take(Limits(5, 10, 1))], [0])

    def test_foreign_counts_are_taken_as_one_row(self) -> None:
        for count in (b"", b"-1", b"x", b"999999999", "²".encode(), None):
            self.assertEqual(Polled(0, NOON, [("count", count)], None).rows, 1, count)
