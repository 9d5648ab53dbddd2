"""Finds a day's records of one partition, and the losses that touch it."""

import unittest
from datetime import date

from reports.books import Books, Cut, Gap, Span, is_touched, lost_in, span_of

PLACE = ("id", 0)
D8, D9, D10, D11, D12 = (date(2026, 3, number) for number in range(8, 13))


def books(next_offset: int | None = 40, **cuts: tuple[int, str]) -> Books:
    """Cuts by day of March: d9=(offset, cause)."""
    found = {date(2026, 3, int(name[1:])): Cut(offset, cause) for name, (offset, cause) in cuts.items()}
    return Books(PLACE, found, next_offset)


def gap(first: int, end: int | None, declared_on: date = D10) -> Gap:
    return Gap(PLACE, first, end, "a disk", "ada", "", declared_on)


class SpanOf(unittest.TestCase):
    def test_a_day_lies_between_two_cuts(self) -> None:
        kept = books(d9=(10, "record"), d10=(30, "quiet"))
        self.assertEqual(span_of(kept, D10), Span(PLACE, 10, 30, "quiet"))

    def test_an_open_day_reaches_as_far_as_it_is_stored(self) -> None:
        self.assertEqual(span_of(books(d9=(10, "record")), D10), Span(PLACE, 10, 40, None))

    def test_a_day_that_the_persister_has_not_reached_has_nothing(self) -> None:
        self.assertEqual(span_of(books(d8=(10, "record")), D10), Span(PLACE, 40, 40, None))

    def test_before_the_first_cut_the_partition_held_nothing(self) -> None:
        kept = books(d9=(0, "start"))
        self.assertTrue(kept.is_idle(D9))
        self.assertEqual(span_of(kept, D9), Span(PLACE, 0, 0, "start"))
        self.assertFalse(kept.is_idle(D10))

    def test_after_an_adopted_cut_it_holds_nothing_more(self) -> None:
        kept = books(next_offset=None, d8=(5, "start"), d9=(5, "record"), d10=(9, "adopted"))
        self.assertEqual(span_of(kept, D10), Span(PLACE, 5, 9, "adopted"))
        self.assertEqual([kept.is_idle(day) for day in (D9, D10, D11, D12)], [False, False, True, True])

    def test_a_partition_without_books_has_no_cut_and_is_not_idle(self) -> None:
        self.assertEqual(span_of(Books(PLACE), D10), Span(PLACE, 0, 0, None))
        self.assertFalse(Books(PLACE).is_idle(D10))

    def test_records_lost_before_the_first_one_was_read_belong_to_the_day_before_it(self) -> None:
        kept = books(d9=(100, "start"), d10=(120, "record"))
        self.assertEqual(span_of(kept, D9), Span(PLACE, 0, 100, "start"))
        self.assertFalse(kept.is_idle(D9))
        self.assertTrue(kept.is_idle(D8))


class Losses(unittest.TestCase):
    def test_only_offsets_within_the_day_are_counted(self) -> None:
        span = Span(PLACE, 10, 30, "quiet")
        for each, lost in ((gap(15, 20), 5), (gap(0, 15), 5), (gap(25, 90), 5), (gap(0, 99), 20), (gap(30, 40), 0)):
            self.assertEqual(lost_in(span, [each]), lost, each)
        self.assertEqual(lost_in(span, [gap(15, 20), gap(20, 21), gap(0, None)]), 6)
        self.assertEqual(lost_in(Span(("id", 1), 10, 30, "quiet"), [gap(15, 20)]), 0)

    def touched(self, kept: Books, each: Gap, *days: date) -> list[bool]:
        return [is_touched(kept, span_of(kept, day), each, day) for day in days]

    def test_a_gap_within_a_day_touches_that_day_alone(self) -> None:
        kept = books(d8=(0, "record"), d9=(10, "record"), d10=(30, "record"))
        self.assertEqual(self.touched(kept, gap(15, 20), D9, D10), [False, True])

    def test_a_gap_over_midnight_touches_every_day_on_which_its_records_may_have_come(self) -> None:
        # Stored up to 10 on the 8th; 10 to 20 were lost; the next record came on the 10th.
        kept = books(d7=(0, "start"), d8=(20, "record"), d9=(20, "record"), d10=(30, "quiet"))
        self.assertEqual(self.touched(kept, gap(10, 20), D8, D9, D10), [True, True, True])

    def test_quiet_days_after_the_declaration_are_not_touched(self) -> None:
        kept = books(d9=(0, "start"), d10=(20, "quiet"), d11=(20, "quiet"), d12=(20, "quiet"))
        self.assertEqual(self.touched(kept, gap(10, 20, D10), D10, D11, D12), [True, False, False])

    def test_a_loss_without_an_end_reaches_from_the_open_day_to_its_declaration(self) -> None:
        kept = books(next_offset=None, d8=(0, "start"), d9=(9, "adopted"))
        self.assertEqual(self.touched(kept, gap(9, None, D11), D8, D9, D10, D11, D12), [False, True, True, True, False])
