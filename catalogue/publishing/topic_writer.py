"""Writes records to the catalogue's topic, and returns when the brokers have acknowledged all of them."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from common.catalogue import MAX_RECORD_BYTES
from common.kafka import CatalogueKafka, is_fatal
from common.kafka_log import kafka_logger
from common.records import Headers

logger = logging.getLogger(__name__)

#: Beyond it a record is given up; whether it was stored nobody knows, and it is sent again.
MESSAGE_SECONDS = 20.0
QUEUE_KILOBYTES = 128 * 1024


class NotSent(Exception):
    """Some of the records weren't acknowledged; they may be in the topic all the same. Send all of them again."""


@dataclass(frozen=True)
class Outgoing:
    """A record and the partition that it belongs to."""

    partition: int
    key: bytes
    value: bytes
    headers: Headers


class ProducerLike(Protocol):
    """What we use of confluent_kafka.Producer."""

    def produce(
        self, topic: str, *, value: bytes, key: bytes, partition: int, on_delivery: Any, headers: Any
    ) -> None: ...

    def poll(self, timeout: float) -> int: ...

    def purge(self) -> None: ...

    def __len__(self) -> int: ...


def producer_settings(kafka: CatalogueKafka) -> dict[str, Any]:
    """Nothing lost: acknowledged by all in-sync replicas; nothing out of order: idempotent."""
    return kafka.client() | {
        "acks": "all",
        "enable.idempotence": True,
        "compression.type": "lz4",
        "linger.ms": 2,
        "message.max.bytes": MAX_RECORD_BYTES,
        "batch.size": MAX_RECORD_BYTES // 4,
        "message.timeout.ms": int(MESSAGE_SECONDS * 1000),
        "socket.timeout.ms": int(MESSAGE_SECONDS * 1000),
        "queue.buffering.max.kbytes": QUEUE_KILOBYTES,
        "socket.keepalive.enable": True,
        "socket.nagle.disable": True,
    }


def producer_maker(kafka: CatalogueKafka) -> Callable[[], ProducerLike]:
    """Makes real producers."""

    def make() -> ProducerLike:
        made: ProducerLike = Producer(producer_settings(kafka), logger=kafka_logger())
        return made

    return make


class TopicWriter:
    """One thread's; a producer that can't go on is replaced."""

    def __init__(self, make: Callable[[], ProducerLike], topic: str) -> None:
        self._make, self._topic = make, topic
        self._producer: ProducerLike | None = None

    def send(self, records: Sequence[Outgoing]) -> list[int]:
        """The offset of each record. Raises NotSent when any of them wasn't acknowledged with its offset.

        A partition's records lie in the topic in the order in which they are given.
        """
        offsets: list[int | None] = [None] * len(records)
        errors: list[KafkaError] = []
        told = 0

        def delivered(place: int) -> Callable[[KafkaError | None, Message], None]:
            def tell(error: KafkaError | None, message: Message) -> None:
                nonlocal told
                told += 1
                if error is not None:
                    errors.append(error)
                    return
                offset = message.offset()
                # Acknowledged without an offset: the broker had it already from a try whose answer was lost.
                offsets[place] = None if offset is None or offset < 0 else offset

            return tell

        # `or` would take one whose queue is empty for none: its truth is its length.
        producer = self._make() if self._producer is None else self._producer
        self._producer = producer
        try:
            for place, each in enumerate(records):
                self._produce(producer, each, delivered(place))
        except (KafkaException, BufferError) as error:
            self._give_up()
            raise NotSent(str(error)) from None
        deadline = time.monotonic() + MESSAGE_SECONDS + 5
        while told < len(records) and time.monotonic() < deadline:
            producer.poll(0.05)
        if errors or told < len(records):
            if told < len(records) or any(is_fatal(error) for error in errors):
                self._give_up()
            raise NotSent(errors[0].name() if errors else "no answer in time")
        found = [offset for offset in offsets if offset is not None]
        if len(found) < len(records):
            raise NotSent("acknowledged without an offset")
        return found

    def _produce(self, producer: ProducerLike, record: Outgoing, tell: Any) -> None:
        while True:
            try:
                producer.produce(
                    self._topic,
                    value=record.value,
                    key=record.key,
                    partition=record.partition,
                    on_delivery=tell,
                    headers=list(record.headers),
                )
                return
            except BufferError:
                # The queue is full of this very batch: what is acknowledged makes room.
                if not producer.poll(1.0):
                    raise

    def _give_up(self) -> None:
        """The next records go through a new producer; what the old one still holds is thrown away."""
        if self._producer is not None:
            self._producer.purge()
            self._producer = None
