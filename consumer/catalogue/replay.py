"""Reads the catalogue's topic again into an empty database, by the sink's own way, up to where it is asked to."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition
from MySQLdb.connections import Connection

from common.catalogue import MarkRecord
from common.catalogue_reading import read_catalogue_record
from common.database import any_rows as rows
from common.kafka import CatalogueKafka
from common.metrics import NoMetrics
from common.records import Unreadable
from consumer.assignment import BEFORE_US
from consumer.batch import Polled
from consumer.booking import Position, book_undated
from consumer.catalogue.sink import CatalogueSink
from consumer.catalogue.statements import STORED_AT
from consumer.dead_letters import DeadLetters
from consumer.flush import Flush, Flushed
from consumer.ledger import Ledger
from consumer.topic import headers_of

BATCH_RECORDS = 500
READ_SECONDS = 0.5
SILENCE_SECONDS = 30.0

IS_EMPTY = """
SELECT NOT EXISTS (SELECT 1 FROM catalogue_release) AND NOT EXISTS (SELECT 1 FROM consumer_offset)
  AND NOT EXISTS (SELECT 1 FROM catalogue_record)"""
MARKS = """
SELECT kind, number, partition_no, releases = own_releases AND digest_sum = own_digest_sum, releases, digest_sum
FROM catalogue_mark WHERE (partition_no, kafka_offset) IN (
  SELECT partition_no, MAX(kafka_offset) FROM catalogue_mark GROUP BY partition_no)
ORDER BY partition_no"""


class CantReplay(Exception):
    """The replay can't begin or go on; the message says why."""


@dataclass(frozen=True)
class Until:
    """Where to stop: in each partition before an offset, and where there is a checkpoint's number behind its mark."""

    ends: Mapping[int, int]
    checkpoint: int | None = None


@dataclass(frozen=True)
class MarkMet:
    """The last mark of a partition, and whether the replayed tables held what it says."""

    kind: str
    number: int
    partition: int
    is_equal: bool
    releases: int
    digest_sum: int


class Replay:
    """One replay, on the caller's thread. It may be interrupted: what is stored is whole, and the rest is missing."""

    def __init__(self, kafka: CatalogueKafka, topic_id: str, connection: Connection) -> None:
        self._kafka, self._connection = kafka, connection
        self._ledger = Ledger(kafka.topic, STORED_AT)
        self._topic_id = topic_id
        # All that a region would set aside is set aside here too.
        sink = CatalogueSink(DeadLetters(kafka.topic, 1_000_000), NoMetrics())
        self._flush = Flush(self._ledger, sink, lambda: topic_id)
        self._positions: dict[int, Position] = {}
        self._never = threading.Event()

    def begin(self, starts: Mapping[int, int]) -> None:
        """Begins the books of each partition at the log's start. Raises CantReplay when the database isn't empty."""
        ((is_empty,),) = rows(self._connection, IS_EMPTY)
        if not is_empty:
            raise CantReplay("the database isn't empty: a replay needs one without releases, positions and records")
        for number, start in starts.items():
            self._ledger.begin_books(self._connection, number, self._topic_id, start)
            if start > 0:
                self._ledger.book_gap(self._connection, self._topic_id, number, (0, start), BEFORE_US)
            self._positions[number] = Position(self._topic_id, start)
        self._connection.commit()

    def run(self, until: Until, tell: Callable[[int], object]) -> None:
        """Stores every record up to the end. Raises CantReplay, KafkaException, or what a flush does."""
        open_ends = {number: end for number, end in until.ends.items() if self._positions[number].next_offset < end}
        own = {"group.id": self._kafka.group, "enable.auto.commit": False, "auto.offset.reset": "error"}
        consumer = Consumer(self._kafka.client() | own | {"log_level": 0})
        try:
            places = [
                TopicPartition(self._kafka.topic, number, self._positions[number].next_offset) for number in open_ends
            ]
            consumer.assign(places)
            heard_at = time.monotonic()
            while open_ends:
                messages = [each for each in consumer.consume(BATCH_RECORDS, READ_SECONDS) if each.error() is None]
                if messages:
                    heard_at = time.monotonic()
                    tell(self._store(messages, open_ends, until))
                elif time.monotonic() - heard_at > SILENCE_SECONDS:
                    raise CantReplay("the brokers don't answer")
        except KafkaException as error:
            raise CantReplay(f"Kafka: {error.args[0]}") from None
        finally:
            consumer.close()

    def marks(self) -> list[MarkMet]:
        """The last mark of each partition that has one."""
        self._connection.rollback()
        return [MarkMet(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in rows(self._connection, MARKS)]

    def _store(self, messages: list[Any], open_ends: dict[int, int], until: Until) -> int:
        batches: dict[int, list[Polled]] = {}
        for message in messages:
            number, offset = message.partition(), message.offset()
            if number not in open_ends:
                continue
            if offset < open_ends[number]:
                headers = headers_of(message.headers())
                record = Polled(offset, _moment(message), headers, message.value())
                batches.setdefault(number, []).append(record)
            if offset + 1 >= open_ends[number] or _is_checkpoint(until.checkpoint, message):
                del open_ends[number]
        for number, batch in batches.items():
            booking = book_undated(self._positions[number], batch, datetime.now(UTC))
            done = self._flush(self._connection, number, booking, self._never)
            if not isinstance(done, Flushed):
                raise CantReplay("somebody else writes to the database: a replay needs one of its own")
            self._positions[number] = done.position
        return sum(len(batch) for batch in batches.values())


def _moment(message: Any) -> datetime:
    return datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)


def _is_checkpoint(number: int | None, message: Any) -> bool:
    if number is None:
        return False
    try:
        record = read_catalogue_record(headers_of(message.headers()), message.value())
    except Unreadable:
        return False
    return isinstance(record, MarkRecord) and record.number == number
