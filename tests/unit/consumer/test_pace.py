"""Back-off, the cap in rows a second, and slowing down when commits get slow."""

import unittest
from datetime import UTC, datetime

from consumer.pace import Backoff, Pace, RateByHour, rate_by_hour

THREE = datetime(2026, 3, 10, 3, tzinfo=UTC)


class BackoffTest(unittest.TestCase):
    def test_doubles_up_to_the_most(self) -> None:
        backoff = Backoff(first=1, most=5, chance=lambda: 1.0)
        self.assertEqual([backoff.next() for _ in range(5)], [1, 2, 4, 5, 5])

    def test_jitter_takes_up_to_half_away(self) -> None:
        self.assertEqual(Backoff(first=1, chance=lambda: 0.0).next(), 0.5)

    def test_goes_on_for_ever(self) -> None:
        backoff = Backoff(first=1, most=5)
        self.assertLessEqual(max(backoff.next() for _ in range(5000)), 5)


class RateTest(unittest.TestCase):
    def test_reads_hours(self) -> None:
        rate = rate_by_hour("5000,02-06=20000,22-01=9000")
        at = [rate.at(THREE.replace(hour=hour)) for hour in (0, 1, 2, 5, 6, 22)]
        self.assertEqual(at, [9000, 5000, 20000, 20000, 5000, 9000])

    def test_refuses_what_it_cannot_read(self) -> None:
        for bad in ("", "fast", "-1", "5000,2-6=1", "5000,24-06=1", "5000,02-25=1", "5000,", "5000;02-06=1"):
            with self.assertRaises(ValueError, msg=bad):
                rate_by_hour(bad)


class PaceTest(unittest.TestCase):
    def test_without_a_cap_nothing_waits(self) -> None:
        pace = Pace(RateByHour(0), share=1)
        self.assertEqual([pace.delay(10**6, THREE, 5.0) for _ in range(3)], [0, 0, 0])

    def test_the_cap_is_shared_by_the_writers(self) -> None:
        pace = Pace(RateByHour(1000), share=2)
        self.assertEqual([pace.delay(500, THREE, 5.0) for _ in range(3)], [0, 1, 2])

    def test_a_slow_commit_halves_the_rate_and_quick_ones_raise_it_again(self) -> None:
        pace = Pace(RateByHour(0), share=1, slow_seconds=2)
        pace.committed(10_000, 10)  # 1,000 rows a second
        pace.delay(1000, THREE, 0.0)
        self.assertEqual(pace.delay(1000, THREE, 0.0), 2.0)
        for _ in range(5):
            pace.committed(1000, 0.1)
        before = pace.delay(1000, THREE, 10.0)
        self.assertLess(pace.delay(1000, THREE, 10.0) - before, 2.0)

    def test_the_rate_never_falls_to_nothing(self) -> None:
        pace = Pace(RateByHour(0), share=1, slow_seconds=2, floor_rate=200)
        for _ in range(50):
            pace.committed(1, 100)
        pace.delay(200, THREE, 0.0)
        self.assertLessEqual(pace.delay(200, THREE, 0.0), 2.0)
