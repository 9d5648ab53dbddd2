"""Partitions come and go: what is committed to Kafka, what is abandoned, and how the process ends."""

import unittest
from types import SimpleNamespace

from confluent_kafka import KafkaError, TopicPartition

from consumer.steering import FIRST_TEND_SECONDS, TEND_SECONDS
from tests.fakes.ledger_worker import Shelf
from tests.unit.consumer.loop_rig import Rig, topic_of


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

    def test_an_offset_that_kafka_did_not_take_is_sent_again_soon(self) -> None:
        for error, of_one in ((KafkaError(KafkaError._TRANSPORT), None), (None, KafkaError.UNKNOWN_MEMBER_ID)):
            rig = Rig(topic_of(p0=5, p1=5), Shelf())
            rig.consumer.give(0, 1)
            rig.turn(10)
            rig.consumer.commits.clear()
            place = SimpleNamespace(partition=0, error=of_one and KafkaError(of_one))
            rig.courtesy.heard(error, [place])  # type: ignore[list-item]
            rig.turn(2, 1)
            self.assertEqual(rig.consumer.commits, [{0: 5}])

    def test_an_offset_that_kafka_took_is_not_sent_again(self) -> None:
        rig = Rig(topic_of(p0=5), Shelf())
        rig.consumer.give(0)
        rig.turn(10)
        rig.consumer.commits.clear()
        rig.courtesy.heard(None, [TopicPartition("t", 0, 5)])
        rig.turn(2, 1)
        self.assertEqual(rig.consumer.commits, [])

    def test_an_idle_partition_is_looked_after(self) -> None:
        rig = Rig(topic_of(p0=1), Shelf())
        rig.consumer.give(0)
        rig.turn(6)
        rig.worker.tended.clear()
        rig.turn(1, TEND_SECONDS)
        rig.turn(2)
        self.assertEqual(rig.worker.tended, [0])

    def test_after_an_assignment_the_first_look_comes_soon_and_the_next_in_its_time(self) -> None:
        """A day may have ended while nobody was there."""
        rig = Rig(topic_of(p0=0), Shelf())
        rig.consumer.give(0)
        rig.turn(3, 0.1)
        self.assertEqual(rig.worker.tended, [])
        rig.turn(1, FIRST_TEND_SECONDS)
        rig.turn(2, 0.1)
        self.assertEqual(rig.worker.tended, [0])
        rig.turn(2, FIRST_TEND_SECONDS)
        self.assertEqual(rig.worker.tended, [0])
        rig.turn(1, TEND_SECONDS)
        rig.turn(2, 0.1)
        self.assertEqual(rig.worker.tended, [0, 0])

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
