"""What the observer measures: lag, age, the backlog's end, and the alert before retention takes a record."""

import unittest

from consumer.commits import Commits
from consumer.observer import NoPulse, Observer
from consumer.partition import Partition
from tests.fakes.hand_clock import HandClock
from tests.recorded_metrics import RecordedMetrics


class Topic:
    """A fake of consumer.topic.BrokerTopic."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.end = 100
        self.age = 50.0
        self.retention: float | None = 1000.0

    def ends(self, partitions: list[int]) -> dict[int, int]:
        return dict.fromkeys(partitions, self.end)

    def appended_at(self, partition: int, offset: int) -> float:
        return self._clock.now().timestamp() - self.age

    def retention_seconds(self) -> float | None:
        return self.retention


class ObserverTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock, self.metrics = HandClock(), RecordedMetrics()
        self.topic = Topic(self.clock)
        self.partition = Partition(0, stored_offset=40)
        others = [Partition(1)]  # Not begun: nothing to measure.
        parts = [self.partition, *others]
        self.parts, self.commits = parts, Commits()
        self.observer = Observer(
            self.topic, lambda: parts, NoPulse(), lambda: None, self.commits, self.clock, self.metrics
        )

    def look(self) -> dict[str, float]:
        self.metrics.seen.clear()
        self.seen = self.observer.look(self.parts)
        return {each.name.removeprefix("persister."): each.value for each in self.metrics.seen}

    def test_measures_lag_and_the_age_of_the_oldest_unread_record(self) -> None:
        found = self.look()
        self.assertEqual((found["lag"], found["freshness"], found["retention_used"]), (60, 50, 5))

    def test_says_when_the_backlog_will_be_stored(self) -> None:
        self.look()
        self.clock.turn(10)
        self.partition.stored_offset = 60
        self.assertEqual(self.look()["backlog_end"], 20)  # 40 left at 2 a second.

    def test_without_a_lag_all_is_nought(self) -> None:
        self.topic.end = 40
        found = self.look()
        self.assertEqual([found[name] for name in ("lag", "freshness", "retention_used", "backlog_end")], [0, 0, 0, 0])

    def test_half_of_the_retention_is_an_alert(self) -> None:
        self.topic.age = 500.0
        with self.assertLogs("consumer.observer", "ERROR") as logs:
            self.look()
        self.assertIn("has used 50 % of its retention", logs.output[0])

    def test_a_topic_that_keeps_all_is_never_in_danger(self) -> None:
        self.topic.age, self.topic.retention = 10.0**9, None
        self.assertEqual(self.look()["retention_used"], 0)
