"""The poll thread: what it reads, hands over, pauses and gives up; each offset is stored once, in order."""

import queue
import unittest

from confluent_kafka import TopicPartition

from consumer.assigned import Assigned
from consumer.batch import Limits
from consumer.courtesy import Courtesy
from consumer.loop import ConsumerLoop
from consumer.partition import News
from consumer.steering import TEND_SECONDS, Steering
from consumer.trouble import Stop
from consumer.workers import Workers
from tests.fakes.hand_clock import HandClock
from tests.fakes.kafka_consumer import FakeConsumer, FakeTopic
from tests.fakes.ledger_worker import LedgerWorker, Shelf

SMALL = Limits(rows=3, bytes=10**9, seconds=1)


class Rig:
    """A loop on fakes; `turn` lets the worker work, then the loop."""

    def __init__(self, topic: FakeTopic, shelf: Shelf, limits: Limits = SMALL, most: int = 1000) -> None:
        self.clock = HandClock()
        self.consumer = FakeConsumer(topic, most)
        news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.worker = LedgerWorker(shelf, news)
        workers = Workers([self.worker])
        courtesy = Courtesy(self.consumer, "t", self.clock)
        self.assigned = Assigned(self.consumer, "t", workers.load, news, courtesy, self.clock)
        steering = Steering(self.consumer, "t", self.assigned, workers, limits, self.clock)
        self.loop = ConsumerLoop(self.consumer, "t", self.assigned, steering, courtesy, self.clock)
        self.loop.run(lambda: True)  # Subscribes, and ends at once.
        self.consumer.is_closed = False

    def turn(self, times: int = 1, seconds: float = 2) -> None:
        for _ in range(times):
            self.worker.work()
            self.loop.turn()
            self.clock.turn(seconds)


def topic_of(**records: int) -> FakeTopic:
    """p0=5 makes partition 0 with five records."""
    topic = FakeTopic()
    for name, number in records.items():
        for place in range(number):
            topic.append(int(name[1:]), b"%d" % place)
    return topic


class LoopTest(unittest.TestCase):
    def test_stores_every_record_once_and_in_order(self) -> None:
        shelf = Shelf()
        rig = Rig(topic_of(p0=10, p1=4), shelf)
        rig.consumer.give(0, 1)
        rig.turn(12)
        self.assertEqual(shelf.stored, {0: list(range(10)), 1: list(range(4))})

    def test_starts_where_the_ledger_stands_and_offset_nought_is_an_offset(self) -> None:
        shelf = Shelf({0: [0, 1, 2, 3], 1: []})
        rig = Rig(topic_of(p0=6, p1=2), shelf)
        rig.consumer.give(0, 1)
        rig.turn(8)
        self.assertEqual(shelf.stored, {0: list(range(6)), 1: [0, 1]})

    def test_nothing_is_read_before_the_ledger_has_said_where_to_begin(self) -> None:
        rig = Rig(topic_of(p0=6), Shelf())
        rig.consumer.give(0)
        self.assertEqual(rig.consumer.paused, {0})
        rig.loop.turn()
        self.assertEqual([kind for kind, _, _ in rig.worker.todo], ["load"])

    def test_trouble_pauses_the_partition_and_ends_by_itself(self) -> None:
        shelf = Shelf()
        topic = topic_of(p0=5)
        rig = Rig(topic, shelf)
        rig.consumer.give(0)
        rig.turn(2)
        rig.worker.trouble = "database error 1290"
        rig.turn(3)
        self.assertEqual(rig.consumer.paused, {0})
        self.assertEqual([each.is_ready for each in rig.assigned.all()], [False])
        rig.worker.trouble = None
        rig.turn(8)
        self.assertEqual(shelf.stored[0], list(range(5)))
        self.assertEqual(rig.consumer.paused, set())
        self.assertEqual([each.is_ready for each in rig.assigned.all()], [True])

    def test_memory_is_bounded_while_a_writer_is_slow(self) -> None:
        rig = Rig(topic_of(p0=1000), Shelf(), Limits(10, 5_000, 1), most=5)
        rig.consumer.give(0)
        rig.turn(1)
        for _ in range(100):
            rig.loop.turn()
        (partition,) = rig.assigned.all()
        self.assertLess(partition.buffer.bytes, 3 * 5_000)
        self.assertEqual(rig.consumer.paused, {0})
        rig.turn(400)
        self.assertEqual(rig.worker.shelf.stored[0], list(range(1000)))

    def test_a_position_that_went_back_is_read_again_from_there(self) -> None:
        shelf = Shelf()
        topic = topic_of(p0=6)
        rig = Rig(topic, shelf)
        rig.consumer.give(0)
        rig.turn(10)
        del shelf.stored[0][2:]  # The database was restored to an earlier state.
        topic.append(0, b"new")
        rig.turn(12)
        self.assertEqual(shelf.stored[0], list(range(7)))

    def test_a_position_that_another_writer_moved_is_gone_on_from(self) -> None:
        shelf = Shelf()
        rig = Rig(topic_of(p0=9), shelf)
        rig.consumer.give(0)
        rig.turn(1)
        shelf.stored[0] = [0, 1, 2, 3]
        rig.turn(12)
        self.assertEqual(shelf.stored[0], list(range(9)))

    def test_records_that_are_gone_stop_the_loop_and_are_named(self) -> None:
        topic = topic_of(p0=9)
        rig = Rig(topic, Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        del topic.partitions[0][0:4]
        rig.worker.work()
        with self.assertRaisesRegex(Stop, "4 records of partition 0 are gone: wanted offset 0, got 4"):
            rig.turn(3)

    def test_an_offset_below_the_start_asks_the_ledger_again(self) -> None:
        topic = topic_of(p0=9)
        rig = Rig(topic, Shelf())
        rig.consumer.give(0)
        rig.turn(8)
        topic.starts[0] = 100
        rig.loop.turn()
        self.assertIn("load", [kind for kind, _, _ in rig.worker.todo])
        self.assertEqual(rig.consumer.paused, {0})

    def test_what_a_writer_cannot_pass_stops_the_loop(self) -> None:
        rig = Rig(topic_of(p0=3), Shelf())
        rig.worker.failure = Stop("enough")
        rig.consumer.give(0)
        with self.assertRaisesRegex(Stop, "enough"):
            rig.turn(5)

    def test_a_held_partition_stays_paused_while_others_go_on(self) -> None:
        shelf = Shelf()
        topic = topic_of(p0=3)
        rig = Rig(topic, shelf)
        rig.worker.hold = "too many dead letters"
        rig.consumer.give(0)
        rig.turn(4)
        rig.worker.hold = None
        topic.append(1, b"")
        rig.consumer.give(1)
        rig.turn(8)
        self.assertEqual(shelf.stored, {1: [0]})
        self.assertEqual(rig.consumer.paused, {0})
        self.assertEqual({each.number: each.is_ready for each in rig.assigned.all()}, {0: False, 1: True})


class GroupTest(unittest.TestCase):
    def test_a_lost_partition_is_abandoned_and_nothing_committed(self) -> None:
        rig = Rig(topic_of(p0=5), Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        rig.loop.turn()
        (partition,) = rig.assigned.all()
        commits = len(rig.consumer.commits)
        rig.consumer.lose(0)
        rig.turn(2)
        self.assertTrue(partition.abandoned.is_set())
        self.assertEqual(rig.worker.shelf.stored, {})
        self.assertEqual(len(rig.consumer.commits), commits)

    def test_news_of_an_earlier_assignment_is_not_heard(self) -> None:
        shelf = Shelf()
        rig = Rig(topic_of(p0=5), shelf)
        rig.consumer.give(0)
        rig.worker.work()  # Loaded is on its way, and comes too late.
        rig.consumer.lose(0)
        rig.consumer.give(0)
        rig.loop.turn()
        (partition,) = rig.assigned.all()
        self.assertIsNone(partition.expected)
        rig.turn(8)
        self.assertEqual(shelf.stored[0], list(range(5)))

    def test_a_revoked_partition_commits_where_it_got_to(self) -> None:
        rig = Rig(topic_of(p0=5), Shelf())
        rig.consumer.give(0)
        rig.turn(8)
        self.assertEqual(rig.consumer.commits[-1], {0: 5})
        rig.consumer.take_away(0)
        self.assertEqual(rig.assigned.all(), [])

    def test_offsets_are_committed_again_so_that_kafka_does_not_forget_them(self) -> None:
        rig = Rig(topic_of(p0=5), Shelf())
        rig.consumer.give(0)
        rig.turn(8)
        rig.consumer.commits.clear()
        rig.turn(2, 61)
        self.assertIn({0: 5}, rig.consumer.commits)

    def test_an_idle_partition_is_looked_after(self) -> None:
        rig = Rig(topic_of(p0=1), Shelf())
        rig.consumer.give(0)
        rig.turn(6)
        rig.worker.tended.clear()
        rig.turn(1, TEND_SECONDS)
        rig.turn(2)
        self.assertEqual(rig.worker.tended, [0])

    def test_the_end_waits_once_for_a_batch_under_way_and_then_marks_it(self) -> None:
        rig = Rig(topic_of(p0=5), Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        rig.loop.turn()
        (partition,) = rig.assigned.all()
        self.assertTrue(partition.is_busy)
        rig.assigned.finish(0)
        # The group's close takes the partition away; were the batch waited for again, this would take an hour.
        rig.assigned.revoke([TopicPartition("t", 0)], 3600)
        self.assertTrue(partition.abandoned.is_set())
        rig.worker.work()
        self.assertEqual(rig.worker.shelf.stored, {})

    def test_a_loop_that_no_longer_polls_is_seen(self) -> None:
        rig = Rig(topic_of(p0=1), Shelf())
        rig.loop.turn()
        self.assertTrue(rig.loop.is_turning)
        rig.clock.turn(31)
        self.assertFalse(rig.loop.is_turning)

    def test_the_end_leaves_the_group(self) -> None:
        rig = Rig(topic_of(p0=1), Shelf())
        rig.consumer.incremental_assign([TopicPartition("t", 0, 0)])
        rig.loop.run(lambda: True)
        self.assertTrue(rig.consumer.is_closed)
