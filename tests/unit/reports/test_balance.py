"""Checks a day's equations."""

import unittest
from dataclasses import replace
from datetime import date

from reports.balance import Account, Counts, PlayRows, Replay, Tally, difference, log_imbalances, record_imbalances
from reports.books import Span

ACME: Account = ("acme", "preview", False)
PLACE = ("id", 0)
SPAN = Span(PLACE, 10, 12, "quiet")
GOOD = Tally(requests=2, items=10, stored=7, duplicate=2, dead=1)


def counts(tally: Tally = GOOD, rows: int = 7, of_day: int = 2) -> Counts:
    return Counts({PLACE: {ACME: tally}}, of_day, {ACME: PlayRows(rows)})


class Balance(unittest.TestCase):
    def test_a_good_day_has_nothing_to_say(self) -> None:
        self.assertEqual(record_imbalances([SPAN], [], counts()), [])
        self.assertEqual(log_imbalances(counts()), [])
        self.assertEqual(difference(counts(), ACME, GOOD), 0)

    def test_a_missing_and_a_doubled_row_are_both_found(self) -> None:
        for rows in (6, 8):
            self.assertEqual(len(log_imbalances(counts(rows=rows))), 1)
            self.assertEqual(difference(counts(rows=rows), ACME, GOOD), 1)

    def test_replayed_dead_letters_are_rows_that_no_request_of_the_day_has_stored(self) -> None:
        replay = Replay(ACME, date(2026, 3, 1), letters=2, stored=2, duplicate=0)
        self.assertEqual(log_imbalances(replace(counts(rows=9), replays=[replay])), [])
        short = replace(counts(rows=8), replays=[replay])
        self.assertIn("and 2 by replays, but 8 in play_log", log_imbalances(short)[0])
        self.assertEqual(difference(short, ACME, GOOD), 1)

    def test_a_replay_of_a_client_without_requests_is_in_the_sums(self) -> None:
        bolt: Account = ("bolt", "preview", False)
        alone = replace(counts(), replays=[Replay(bolt, date(2026, 3, 1), 1, 1, 0)])
        self.assertIn("client bolt", log_imbalances(alone)[0])
        self.assertEqual(log_imbalances(replace(alone, plays={**alone.plays, bolt: PlayRows(1)})), [])

    def test_a_log_in_no_column_is_found(self) -> None:
        self.assertIn("11 logs accepted", log_imbalances(counts(Tally(2, 11, 7, 2, 1)))[0])

    def test_rows_of_a_client_without_requests_are_found(self) -> None:
        strangers = Counts({PLACE: {ACME: GOOD}}, 2, {ACME: PlayRows(7), ("bolt", "preview", False): PlayRows(1)})
        self.assertIn("client bolt", log_imbalances(strangers)[0])

    def test_a_request_booked_on_another_day_is_found(self) -> None:
        misdated = Tally(2, 10, 7, 2, 1, misdated=1)
        self.assertEqual(len(record_imbalances([SPAN], [], counts(misdated))), 1)
        self.assertEqual(len(record_imbalances([SPAN], [], counts(of_day=3))), 1)

    def test_two_errors_do_not_make_up_for_each_other(self) -> None:
        swapped = Counts(
            {PLACE: {ACME: GOOD, ("bolt", "preview", False): GOOD}},
            4,
            {ACME: PlayRows(6), ("bolt", "preview", False): PlayRows(8)},
        )
        self.assertEqual(len(log_imbalances(swapped)), 2)

    def test_accounts_add_up_over_partitions_in_order(self) -> None:
        both = Counts(
            {PLACE: {ACME: GOOD}, ("id", 1): {ACME: GOOD, (None, None, False): Tally(1, unreadable=1)}}, 5, {}
        )
        self.assertEqual(list(both.by_account()), [(None, None, False), ACME])
        self.assertEqual(both.by_account()[ACME].items, 20)
