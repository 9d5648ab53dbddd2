"""Records are sent when the brokers say so of all of them, with their offsets; else all of them are sent again."""

import unittest
from collections import deque
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from catalogue.publishing.topic_writer import NotSent, Outgoing, TopicWriter


class Delivered:
    """A message that a delivery report is about."""

    def __init__(self, offset: int | None) -> None:
        self._offset = offset

    def offset(self) -> int | None:
        return self._offset


class FakeProducer:
    """Acknowledges each record by poll(), with what the test has prepared: an offset, or an error."""

    def __init__(self, room: int = 100) -> None:
        self.outcomes: deque[int | KafkaError | None] = deque()
        self.sent: list[tuple[str, int, bytes]] = []
        self.room, self.is_purged = room, False
        self.refusal: Exception | None = None
        self._open: deque[Any] = deque()

    def produce(self, topic: str, *, value: bytes, key: bytes, partition: int, on_delivery: Any, headers: Any) -> None:
        if self.refusal is not None:
            raise self.refusal
        if len(self._open) >= self.room:
            raise BufferError
        self.sent.append((topic, partition, key))
        self._open.append(on_delivery)

    def poll(self, timeout: float) -> int:
        number = len(self._open)
        while self._open:
            outcome = self.outcomes.popleft() if self.outcomes else len(self.sent)
            error = outcome if isinstance(outcome, KafkaError) else None
            self._open.popleft()(error, Delivered(None if isinstance(outcome, KafkaError) else outcome))
        return number

    def purge(self) -> None:
        self.is_purged = True

    def __len__(self) -> int:
        return len(self._open)


def records(number: int) -> list[Outgoing]:
    """Records of two partitions in turn."""
    return [Outgoing(place % 2, b"%d" % place, b"{}", []) for place in range(number)]


class TopicWriterTest(unittest.TestCase):
    def setUp(self) -> None:
        self.made: list[FakeProducer] = []
        self.room = 100
        self.writer = TopicWriter(self.make, "catalogue")

    def make(self) -> FakeProducer:
        self.made.append(FakeProducer(self.room))
        return self.made[-1]

    def outcomes(self, *found: int | KafkaError | None) -> FakeProducer:
        """What the next records meet."""
        self.writer.send(records(1))
        self.made[-1].outcomes.extend(found)
        return self.made[-1]

    def test_each_record_has_its_own_offset_in_the_order_given(self) -> None:
        self.outcomes(7, 3, 9)
        self.assertEqual(self.writer.send(records(3)), [7, 3, 9])
        self.assertEqual(self.made[0].sent[1:], [("catalogue", place % 2, b"%d" % place) for place in range(3)])

    def test_one_that_fails_fails_all_and_the_producer_goes_on(self) -> None:
        self.outcomes(7, KafkaError(KafkaError._MSG_TIMED_OUT), 9)
        with self.assertRaises(NotSent):
            self.writer.send(records(3))
        self.assertEqual(len(self.writer.send(records(3))), 3)
        self.assertEqual(len(self.made), 1)

    def test_no_offset_is_no_acknowledgement(self) -> None:
        for offset in (None, -1001):
            self.outcomes(7, offset)
            with self.assertRaises(NotSent):
                self.writer.send(records(2))

    def test_offset_nought_is_one(self) -> None:
        self.outcomes(0)
        self.assertEqual(self.writer.send(records(1)), [0])

    def test_a_producer_that_cant_go_on_is_replaced(self) -> None:
        first = self.outcomes(KafkaError(KafkaError._FATAL))
        with self.assertRaises(NotSent):
            self.writer.send(records(1))
        self.assertTrue(first.is_purged)
        self.assertEqual(len(self.writer.send(records(1))), 1)
        self.assertEqual(len(self.made), 2)
        self.made[-1].refusal = KafkaException(KafkaError(KafkaError._FATAL))
        with self.assertRaises(NotSent):
            self.writer.send(records(1))
        self.writer.send(records(1))
        self.assertEqual(len(self.made), 3)

    def test_one_producer_serves_many_batches(self) -> None:
        for _ in range(3):
            self.writer.send(records(2))
        self.assertEqual(len(self.made), 1)

    def test_a_full_queue_makes_room_by_what_is_acknowledged(self) -> None:
        self.room = 2
        self.assertEqual(len(self.writer.send(records(7))), 7)
