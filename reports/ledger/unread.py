"""Counts the records that Kafka has and the ledger hasn't, by the client, stream and day that their headers tell."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from common.kafka import KafkaSettings

#: So long without a record, while some should come, and the rest is left uncounted.
SILENCE_SECONDS = 10.0
POLL_SECONDS = 0.5
BATCH_RECORDS = 1_000

#: Day of the append time (UTC), client, stream and whether it is a test client's; None for what isn't a record of ours.
Key = tuple[date, str | None, str | None, bool]


@dataclass
class Unread:
    """What was counted: logs and records by day, client and stream; and what wasn't, by partition."""

    logs: Counter[Key] = field(default_factory=Counter)
    records: Counter[Key] = field(default_factory=Counter)
    #: Offsets that were not looked at: beyond the limit, or not delivered in time.
    uncounted: dict[int, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.records.total()


class Records(Protocol):
    """The part of a Kafka consumer that is used."""

    def consume(self, num_messages: int, timeout: float) -> "list[Message[bytes, bytes]]": ...


def count_unread(
    records: Records,
    spans: Mapping[int, tuple[int, int]],
    limit: int,
    tick: Callable[[int], object],
    monotonic: Callable[[], float] = time.monotonic,
) -> Unread:
    """Reads the offsets of each span [first, end), `limit` records at most; the consumer stands at the firsts."""
    found = Unread()
    left = {number: [first, end] for number, (first, end) in spans.items() if end > first}
    heard = monotonic()
    while left and found.total < limit and monotonic() - heard < SILENCE_SECONDS:
        for message in records.consume(min(BATCH_RECORDS, limit - found.total), POLL_SECONDS):
            heard = monotonic()
            _take(message, left, found)
        tick(found.total)
    found.uncounted = {number: end - at for number, (at, end) in left.items()}
    return found


def _take(message: "Message[bytes, bytes]", left: dict[int, list[int]], found: Unread) -> None:
    number, offset, error = message.partition(), message.offset(), message.error()
    if number is None or number not in left:
        return
    if error is not None:
        if error.code() == KafkaError._PARTITION_EOF:
            # What lies before the end without being a record is a transaction's mark, or was compacted away.
            del left[number]
        else:
            found.problems.append(f"partition {number}: {error.str()}")
        return
    at, end = left[number]
    if offset is None or offset >= end:
        del left[number]
        return
    left[number][0] = max(at, offset + 1)
    _, milliseconds = message.timestamp()
    pairs: Any = message.headers() or ()
    headers = {name: data for name, data in pairs if isinstance(data, bytes)}
    day = datetime.fromtimestamp(milliseconds / 1000, UTC).date()
    key = (day, _text(headers.get("client")), _text(headers.get("stream")), headers.get("test") == b"1")
    count = headers.get("count", b"")
    found.logs[key] += int(count) if count.isdigit() and len(count) < 6 else 0
    found.records[key] += 1
    if offset + 1 >= end:
        del left[number]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("ascii", "backslashreplace")[:64]


def open_consumer(settings: KafkaSettings, spans: Mapping[int, tuple[int, int]]) -> Consumer:
    """A consumer without a group's help: it is assigned the spans' begins, and commits nothing."""
    consumer = Consumer(
        settings.client()
        | {
            "group.id": "playlog-ledger",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "isolation.level": "read_uncommitted",
            "log_level": 0,
        }
    )
    consumer.assign([TopicPartition(settings.topic, number, first) for number, (first, _) in spans.items()])
    return consumer
