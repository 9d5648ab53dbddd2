"""What a process makes of the region's copy: which answers go, whether the kept ones hold, and as of when."""

import unittest
from datetime import timedelta
from typing import Any, cast

import MySQLdb

from app.tracks.cache import AnswerCache
from app.tracks.follower import GAUGE_SECONDS, MOST_CHANGES, TRUST_SECONDS, Follower
from tests.fakes.hand_clock import HandClock, RunningClock
from tests.fakes.region_copy import FakeRegionCopy
from tests.recorded_metrics import RecordedMetrics
from tests.unit.app.test_answer_cache import answer


class FollowerTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock, self.metrics, self.cache = HandClock(), RecordedMetrics(), AnswerCache(RunningClock())
        self.copy = FakeRegionCopy()
        self.copy.store(0, 7)
        self.copy.store(1, 8)
        self.follower = Follower(self.never, self.cache, self.clock, self.metrics)
        self.look()

    def never(self) -> Any:
        raise AssertionError("the test brings the connection")

    def look(self) -> None:
        self.follower.look(cast("Any", self.copy))

    def keep(self, *release_ids: int) -> None:
        """An answer about each release."""
        for each in release_ids:
            self.cache.put(each, answer(each), self.cache.tick)

    def kept(self) -> list[int]:
        return [each for each in range(10) if self.cache.get(each, self.clock.now())]

    def ages(self) -> list[float]:
        return [each.value for each in self.metrics.seen if each.name == "catalogue.age"]

    def test_what_was_stored_since_is_evicted_and_nothing_else(self) -> None:
        self.keep(7, 8, 9)
        self.look()
        self.assertEqual(self.kept(), [7, 8, 9])
        self.copy.store(1, 8)
        self.look()
        self.assertEqual(self.kept(), [7, 9])
        self.copy.store(2, 9)  # A partition that wasn't read so far.
        self.look()
        self.assertEqual(self.kept(), [7])

    def test_all_is_forgotten_when_nobody_knows_what_changed(self) -> None:
        def many() -> None:
            self.copy.store(0, *range(100, 101 + MOST_CHANGES))

        def ghosts() -> None:
            self.copy.ghosts.append((1, self.copy.positions[1]))
            self.copy.positions[1] += 1

        def goes_back() -> None:
            self.copy.positions[0] -= 1

        def another_topic() -> None:
            self.copy.topic_id = "u" * 22

        def no_partition() -> None:
            del self.copy.positions[1]

        for change in (many, ghosts, goes_back, another_topic, no_partition):
            with self.subTest(change.__name__):
                self.keep(7, 8, 9)
                change()
                self.look()
                self.assertEqual(self.kept(), [])

    def test_it_is_as_old_as_its_oldest_partition_and_unknown_while_one_is_unknown(self) -> None:
        now = self.clock.now()
        self.assertIsNone(self.follower.as_of)
        self.copy.as_of[0] = now
        self.look()
        self.assertIsNone(self.follower.as_of)
        self.copy.as_of[1] = now - timedelta(seconds=5)
        self.look()
        self.assertEqual(self.follower.as_of, now - timedelta(seconds=5))
        self.copy.positions[2] = 0  # It is read, and has brought nothing.
        self.look()
        self.assertIsNone(self.follower.as_of)
        self.copy.positions.clear()
        self.look()
        self.assertIsNone(self.follower.as_of)

    def test_kept_answers_hold_for_a_while_without_the_database(self) -> None:
        self.copy.is_away = True
        self.clock.turn(TRUST_SECONDS - 1)
        with self.assertRaises(MySQLdb.OperationalError):
            self.look()
        self.assertTrue(self.follower.is_trusted)
        self.clock.turn(1)
        self.assertFalse(self.follower.is_trusted)

    def test_a_copy_that_isnt_whole_ages_from_when_that_was_seen(self) -> None:
        self.clock.turn(3)
        self.look()
        self.follower.tell()
        self.clock.turn(GAUGE_SECONDS)
        self.copy.as_of = dict.fromkeys(self.copy.positions, self.clock.now() - timedelta(seconds=2))
        self.look()
        self.follower.tell()
        self.clock.turn(1000)
        self.copy.as_of.clear()  # Its tables are made anew.
        self.look()
        self.follower.tell()
        self.assertEqual(self.ages(), [3, 2, 0])

    def test_a_region_without_a_catalogue_has_no_age(self) -> None:
        self.copy.positions.clear()
        self.look()
        self.follower.tell()
        self.assertEqual(self.ages(), [])
