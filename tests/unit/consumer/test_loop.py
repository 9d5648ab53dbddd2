"""The poll thread: what it reads, hands over and pauses; each offset is stored once, in order."""

import unittest

from consumer.batch import Limits
from consumer.trouble import Stop
from tests.fakes.ledger_worker import Shelf
from tests.unit.consumer.loop_rig import Rig, topic_of


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

    def test_a_paused_partition_is_read_on_before_the_last_batch_in_memory_is_stored(self) -> None:
        """Else the writer would wait for the next records with nothing to do."""
        rig = Rig(topic_of(p0=1000), Shelf(), Limits(10, 5_000, 1), most=5)
        rig.consumer.give(0)
        rig.turn(1)
        for _ in range(100):
            rig.loop.turn()
        self.assertEqual(rig.consumer.paused, {0})
        (partition,) = rig.assigned.all()
        waiting = len(partition.buffer.records)
        while rig.consumer.paused:
            self.assertLess(len(rig.worker.shelf.stored.get(0, [])), 1000)
            waiting = len(partition.buffer.records)
            rig.turn(1)
        self.assertGreater(waiting, 0)

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
        with self.assertRaisesRegex(Stop, "4 records of partition 0 are gone: wanted 0, got 4"):
            rig.turn(5)

    def test_what_lies_before_a_hole_is_stored_before_the_loop_stops(self) -> None:
        topic = topic_of(p0=9)
        rig = Rig(topic, Shelf(), Limits(100, 10**9, 3600))
        rig.consumer.give(0)
        del topic.partitions[0][5]
        with self.assertRaisesRegex(Stop, "1 records of partition 0 are gone: wanted 5, got 6"):
            rig.turn(8, seconds=0)
        self.assertEqual(rig.worker.shelf.stored, {0: [0, 1, 2, 3, 4]})

    def test_a_record_that_came_too_early_sends_it_back_to_what_is_there(self) -> None:
        # librdkafka #2256: a question for the end that is answered after a seek moves it there. Seen at a new leader.
        topic = topic_of(p0=9)
        rig = Rig(topic, Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        rig.consumer.mislead(0)
        topic.append(0, b"new")
        rig.turn(12)
        self.assertEqual(rig.worker.shelf.stored, {0: list(range(10))})

    def test_a_partition_that_was_left_at_its_end_is_led_back_though_nothing_new_comes(self) -> None:
        rig = Rig(topic_of(p0=9), Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        rig.consumer.mislead(0)
        rig.turn(20)
        self.assertEqual(rig.worker.shelf.stored, {0: list(range(9))})

    def test_what_was_asked_for_a_moment_ago_is_waited_for(self) -> None:
        rig = Rig(topic_of(p0=9), Shelf())
        rig.consumer.give(0)
        rig.turn(1)
        rig.consumer.mislead(0)
        # The first look comes after a second; a seek would only put off what is on the way.
        with self.assertNoLogs("consumer.steering", "WARNING"):
            rig.turn(4)
        self.assertEqual(rig.worker.tended, [0])

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

    def test_a_stop_forgets_no_news_of_others_so_that_the_end_waits_for_nobody(self) -> None:
        topic = topic_of(p0=3, p1=3, p2=3)
        rig = Rig(topic, Shelf())
        rig.consumer.give(0, 1, 2)
        rig.turn(1)
        rig.loop.turn()
        rig.worker.failure = Stop("enough")
        with self.assertRaisesRegex(Stop, "enough"):
            rig.turn(5)
        self.assertEqual([each.number for each in rig.assigned.all() if each.is_busy], [])

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
