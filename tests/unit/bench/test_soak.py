"""What the soak calls flat, and what the backlog's figures are."""

import unittest

from bench.backlog import Drain, figures_of
from bench.load import Measured
from bench.soak import growth_of


class GrowthTest(unittest.TestCase):
    def test_a_process_that_grew_between_the_second_fifth_and_the_last_is_not_flat(self) -> None:
        grown, flat = growth_of({"a": [100 + each for each in range(50)], "b": [50.0] * 10 + [100.0] * 40})
        self.assertEqual((grown.early_mb, grown.late_mb, grown.peak_mb, grown.is_flat), (114.5, 144.5, 149, False))
        self.assertEqual((flat.early_mb, flat.late_mb, flat.is_flat), (100, 100, True))

    def test_a_little_is_noise(self) -> None:
        (found,) = growth_of({"a": [100.0] * 40 + [107.0] * 10})
        self.assertTrue(found.is_flat)


class BacklogTest(unittest.TestCase):
    def test_the_figures_compare_the_drain_with_its_cap_and_with_what_was_expected(self) -> None:
        drain = Drain(seconds=100.0, rows=1_900_000, expected_seconds=60.0, told_at=38.0, final_seconds=7.0)
        found = figures_of(drain, Measured(1.0, 50, [0.01] * 50), 20_000)
        self.assertEqual((found["drained_rows_per_s"], found["share_of_cap"]), (19_000, 0.95))
        self.assertEqual((found["expected_end_s"], found["real_end_s"]), (60, 62))
        self.assertEqual((found["new_logs_meanwhile"], found["final_after_drained_s"]), (5_000, 7))
