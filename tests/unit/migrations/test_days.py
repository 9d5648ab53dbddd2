"""Plans the day partitions."""

import unittest
from datetime import date

from migrations.days import add_statement, days_to_add

TODAY = date(2026, 11, 25)
BEFORE = ("p_before", date(2026, 1, 1))


class DaysToAdd(unittest.TestCase):
    def test_the_first_run_reaches_back_as_far_as_the_table_needs(self) -> None:
        days = days_to_add([BEFORE], TODAY, 14)
        self.assertEqual((days[0], days[-1], len(days)), (date(2026, 11, 11), date(2026, 12, 9), 29))

    def test_later_runs_only_add_above_the_highest(self) -> None:
        bounds = [BEFORE, ("p20261111", date(2026, 11, 12)), ("p20261208", date(2026, 12, 9))]
        self.assertEqual(days_to_add(bounds, TODAY, 14), [date(2026, 12, 9)])

    def test_when_all_days_are_there_none_is_added(self) -> None:
        for bound in (date(2026, 12, 10), date(2027, 1, 1)):
            self.assertEqual(days_to_add([BEFORE, ("p20261209", bound)], TODAY, 14), [])

    def test_a_long_pause_leaves_no_day_out(self) -> None:
        days = days_to_add([BEFORE, ("p20261001", date(2026, 10, 2))], TODAY, 14)
        self.assertEqual((days[0], len(days)), (date(2026, 10, 2), 69))

    def test_a_clock_before_the_first_bound_adds_nothing_below_it(self) -> None:
        days = days_to_add([BEFORE], date(2026, 1, 5), 14)
        self.assertEqual(days[0], date(2026, 1, 1))

    def test_days_follow_each_other_over_a_leap_day(self) -> None:
        days = days_to_add([("p20280227", date(2028, 2, 28))], date(2028, 2, 16), 14)
        self.assertEqual([str(day) for day in days], ["2028-02-28", "2028-02-29", "2028-03-01"])


class AddStatement(unittest.TestCase):
    def test_a_partition_is_named_by_its_day_and_ends_with_it(self) -> None:
        self.assertEqual(
            add_statement("play_log", [date(2026, 12, 31)]),
            "ALTER TABLE play_log ADD PARTITION (PARTITION p20261231 VALUES LESS THAN ('2027-01-01'))",
        )
