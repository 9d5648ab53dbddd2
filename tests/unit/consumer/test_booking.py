"""The booked moment never goes back, and every day is cut once, at the right offset."""

import unittest
from datetime import UTC, date, datetime, timedelta

from consumer.batch import Polled
from consumer.booking import Cut, Position, book, book_quiet, is_cut_due
from consumer.trouble import Transient

DAY = date(2026, 3, 10)
EDGE = datetime(2026, 3, 11, tzinfo=UTC)
NOW = EDGE + timedelta(hours=12)
START = Position("topic-id", 0)


def at(offset: int, seconds: float) -> Polled:
    """A record appended some seconds after the edge between 10 and 11 March."""
    return Polled(offset, EDGE + timedelta(seconds=seconds), None, b"")


class BookingTest(unittest.TestCase):
    def test_the_first_record_begins_the_books_with_a_cut_of_the_day_before(self) -> None:
        booking = book(START, [at(0, -100)], NOW)
        self.assertEqual(booking.cuts, [Cut(date(2026, 3, 9), 0, "start")])
        self.assertEqual(booking.after, Position("topic-id", 1, EDGE - timedelta(seconds=100), DAY))

    def test_a_clock_step_at_the_edge_of_a_day_books_late_rows_after_the_edge(self) -> None:
        # Append times around an edge at 0: 5 records, of which the last two went back behind it.
        records = [at(0, -220), at(1, -120), at(2, 30), at(3, -20), at(4, -40), at(5, 80)]
        booking = book(START, records, NOW)
        self.assertEqual([each.received_day for each in booking.records], [DAY, DAY] + [date(2026, 3, 11)] * 4)
        self.assertIn(Cut(DAY, 2, "record"), booking.cuts)
        moments = [each.booked_at for each in booking.records]
        self.assertEqual(moments, sorted(moments))
        self.assertEqual(booking.records[3].appended_at, EDGE - timedelta(seconds=20))

    def test_the_floor_carries_over_to_the_next_batch(self) -> None:
        first = book(START, [at(0, 10)], NOW)
        second = book(first.after, [at(1, -10)], NOW)
        self.assertEqual(second.records[0].booked_at, EDGE + timedelta(seconds=10))
        self.assertEqual(second.cuts, [])

    def test_days_without_records_are_cut_at_the_same_offset(self) -> None:
        first = book(START, [at(0, -10)], NOW)
        second = book(first.after, [at(1, 2 * 86_400 + 1)], NOW + timedelta(days=2))
        expected = [Cut(DAY + timedelta(days=days), 1, "record") for days in range(3)]
        self.assertEqual(second.cuts, expected)

    def test_splitting_a_batch_anywhere_books_the_same(self) -> None:
        records = [at(number, seconds) for number, seconds in enumerate([-90, -10, 5, -5, 86_401, 86_390, 172_900])]
        now = NOW + timedelta(days=3)
        whole = book(START, records, now)
        for place in range(1, len(records)):
            head = book(START, records[:place], now)
            tail = book(head.after, records[place:], now)
            self.assertEqual([*head.records, *tail.records], whole.records)
            self.assertEqual([*head.cuts, *tail.cuts], whole.cuts)
            self.assertEqual(tail.after, whole.after)

    def test_a_record_far_ahead_of_our_clock_is_not_booked(self) -> None:
        with self.assertRaises(Transient):
            book(START, [at(0, 0)], EDGE - timedelta(hours=2))


class QuietTest(unittest.TestCase):
    def setUp(self) -> None:
        self.position = book(START, [at(0, -10)], NOW).after

    def test_a_day_is_cut_when_all_is_stored_after_its_end_and_the_grace(self) -> None:
        booking = book_quiet(self.position, 1, EDGE + timedelta(minutes=5))
        assert booking is not None
        self.assertEqual(booking.cuts, [Cut(DAY, 1, "quiet")])
        self.assertEqual(booking.after.floor, EDGE)
        self.assertEqual(booking.after.next_offset, 1)

    def test_no_day_is_cut_within_the_grace(self) -> None:
        self.assertIsNone(book_quiet(self.position, 1, EDGE + timedelta(minutes=4, seconds=59)))

    def test_no_day_is_cut_while_records_are_unread(self) -> None:
        self.assertIsNone(book_quiet(self.position, 2, NOW))

    def test_a_record_that_comes_after_a_quiet_cut_is_booked_on_the_next_day(self) -> None:
        booking = book_quiet(self.position, 1, NOW)
        assert booking is not None
        late = book(booking.after, [at(1, -30)], NOW)
        self.assertEqual(late.records[0].received_day, date(2026, 3, 11))
        self.assertEqual(late.cuts, [])

    def test_a_partition_that_never_had_a_record_is_cut_too(self) -> None:
        booking = book_quiet(START, 0, NOW)
        assert booking is not None
        self.assertEqual(booking.cuts, [Cut(date(2026, 3, 9), 0, "start"), Cut(DAY, 0, "quiet")])
        self.assertFalse(is_cut_due(booking.after, NOW))

    def test_a_long_quiet_time_cuts_every_day(self) -> None:
        booking = book_quiet(self.position, 1, NOW + timedelta(days=2))
        assert booking is not None
        self.assertEqual([cut.day for cut in booking.cuts], [DAY + timedelta(days=days) for days in range(3)])
