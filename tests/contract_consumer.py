"""What the loop relies on in a consumer: held by the real one (integration) and by the fake (unit) alike."""

import unittest
from collections.abc import Callable
from typing import Any

from confluent_kafka import OFFSET_END, TopicPartition


class ConsumerContract(unittest.TestCase):
    """Subclasses give a consumer with one assigned partition 0 of `topic`, which holds the values 0 to 9."""

    consumer: Any
    topic: str

    def place(self, offset: int = 0) -> TopicPartition:
        return TopicPartition(self.topic, 0, offset)

    def read(self, number: int) -> list[int]:
        """The offsets of the next records, at least `number` of them."""
        raise NotImplementedError

    def reads_nothing(self) -> bool:
        """Whether nothing comes for a while."""
        raise NotImplementedError

    def begin(self, offset: int) -> None:
        """Begins as the loop does: assigned at the end and paused, sought, resumed."""
        self.consumer.incremental_assign([self.place(OFFSET_END)])
        self.consumer.pause([self.place()])
        self.assertTrue(self.reads_nothing())
        self.seek(offset)
        self.consumer.resume([self.place()])

    def seek(self, offset: int) -> None:
        self.consumer.seek(self.place(offset))

    def test_reads_from_where_it_was_put(self) -> None:
        for offset in (0, 7):
            with self.subTest(offset=offset):
                self.begin(offset)
                self.assertEqual(self.read(3)[:3], list(range(offset, offset + 3)))
                self.consumer.incremental_unassign([self.place()])

    def test_a_pause_gives_nothing_and_goes_on_without_a_gap(self) -> None:
        self.begin(0)
        before = self.read(1)
        self.consumer.pause([self.place()])
        self.assertTrue(self.reads_nothing())
        self.consumer.resume([self.place()])
        after = self.read(10 - len(before)) if len(before) < 10 else []
        self.assertEqual(before + after, list(range(10)))

    def test_a_seek_back_while_paused_reads_again_from_there(self) -> None:
        self.begin(0)
        self.assertEqual(self.read(10), list(range(10)))
        self.consumer.pause([self.place()])
        self.seek(4)
        self.consumer.resume([self.place()])
        self.assertEqual(self.read(6), [4, 5, 6, 7, 8, 9])

    def test_a_pause_outlives_the_assignment(self) -> None:
        self.begin(0)
        self.read(1)
        self.consumer.pause([self.place()])
        self.consumer.incremental_unassign([self.place()])
        self.consumer.incremental_assign([self.place(0)])
        self.assertTrue(self.reads_nothing())
        self.consumer.resume([self.place()])
        self.assertEqual(self.read(2)[:2], [0, 1])


def offsets(found: list[Any], fail: Callable[[str], None]) -> list[int]:
    """The offsets of records; an error in their place fails the test."""
    for message in found:
        if message.error() is not None:
            fail(str(message.error()))
    return [message.offset() for message in found]
