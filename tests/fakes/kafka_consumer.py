"""A fake of confluent_kafka.Consumer for one topic, in memory; tests/contract_consumer.py holds it to the real one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaError, TopicPartition

TIMESTAMP_LOG_APPEND_TIME = 2


@dataclass(frozen=True)
class FakeMessage:
    """A record, or an error in its place."""

    number: int
    place: int
    data: bytes | None = None
    pairs: tuple[tuple[str, bytes], ...] = ()
    milliseconds: int = 1_773_144_000_000
    failure: KafkaError | None = None

    def error(self) -> KafkaError | None:
        return self.failure

    def partition(self) -> int:
        return self.number

    def offset(self) -> int:
        return self.place

    def value(self) -> bytes | None:
        return self.data

    def headers(self) -> list[tuple[str, bytes]] | None:
        return list(self.pairs) or None

    def timestamp(self) -> tuple[int, int]:
        return TIMESTAMP_LOG_APPEND_TIME, self.milliseconds


@dataclass
class FakeTopic:
    """The partitions' records; `starts` says from which offset on they are left."""

    partitions: dict[int, list[FakeMessage]] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)

    def append(self, number: int, value: bytes | None, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        records = self.partitions.setdefault(number, [])
        records.append(FakeMessage(number, len(records), value, tuple(headers)))

    def first_left(self, number: int, offset: int) -> int:
        """The offset of the first record that is left at or after one; the end where there is none."""
        left = (each.place for each in self.partitions.get(number, ()) if each.place >= offset)
        return next(left, self.end(number))

    def end(self, number: int) -> int:
        records = self.partitions.get(number)
        return records[-1].place + 1 if records else 0


Callback = Callable[[Any, list[TopicPartition]], None]


class FakeConsumer:
    """Gives records in order from where it was put; a paused partition gives none."""

    def __init__(self, topic: FakeTopic, most: int = 1000) -> None:
        self._topic, self._most = topic, most
        self._callbacks: dict[str, Callback] = {}
        self._next: dict[int, int] = {}
        self.paused: set[int] = set()
        self.commits: list[dict[int, int]] = []
        self.is_closed = False

    def subscribe(self, topics: list[str], **callbacks: Callback) -> None:
        self._callbacks = callbacks

    def give(self, *numbers: int) -> None:
        """What the group does: assigns partitions."""
        self._callbacks["on_assign"](self, [TopicPartition("t", number) for number in numbers])

    def take_away(self, *numbers: int) -> None:
        """What the group does: revokes partitions."""
        self._callbacks["on_revoke"](self, [TopicPartition("t", number) for number in numbers])

    def lose(self, *numbers: int) -> None:
        """What the group does when we were silent for too long."""
        self._callbacks["on_lost"](self, [TopicPartition("t", number) for number in numbers])

    def mislead(self, number: int) -> None:
        """What the library was seen to do: it goes on reading at the end, though it was sent elsewhere."""
        self._next[number] = len(self._topic.partitions[number])

    def consume(self, num_messages: int, timeout: float) -> list[FakeMessage]:
        found: list[FakeMessage] = []
        for number, place in self._next.items():
            if number in self.paused or place < 0:
                continue
            if place < self._topic.starts.get(number, 0):
                gone = KafkaError(KafkaError._AUTO_OFFSET_RESET)
                found.append(FakeMessage(number, place, failure=gone))
                continue
            records = self._topic.partitions.get(number, [])[place : place + min(self._most, num_messages)]
            self._next[number] = place + len(records)
            found += records
        return found

    def incremental_assign(self, partitions: list[TopicPartition]) -> None:
        self._next |= {each.partition: each.offset for each in partitions}

    def incremental_unassign(self, partitions: list[TopicPartition]) -> None:
        for each in partitions:
            self._next.pop(each.partition, None)
            # As in the real client, a pause outlives the assignment.

    def pause(self, partitions: list[TopicPartition]) -> None:
        self.paused |= {each.partition for each in partitions}

    def resume(self, partitions: list[TopicPartition]) -> None:
        self.paused -= {each.partition for each in partitions}

    def seek(self, partition: TopicPartition) -> None:
        self._next[partition.partition] = partition.offset

    def commit(self, offsets: list[TopicPartition], asynchronous: bool) -> None:
        self.commits.append({each.partition: each.offset for each in offsets})

    def close(self) -> None:
        self.is_closed = True
        if self._next:
            self.take_away(*self._next)
