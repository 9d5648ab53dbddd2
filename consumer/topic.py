"""Asks the brokers about the persister's topic, for its writers."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from common.kafka import CatalogueKafka, KafkaSettings, TopicView
from consumer.batch import Headers
from consumer.trouble import Transient

Answer = TypeVar("Answer")

LOOK_SECONDS = 10.0


def headers_of(found: object) -> Headers:
    """A message's headers as the client library gives them (list of pairs, or None)."""
    pairs = found.items() if isinstance(found, dict) else found or ()
    return [(name, data.encode() if isinstance(data, str) else data) for name, data in pairs]  # type: ignore[attr-defined]


def request_id_of(headers: Headers) -> bytes | None:
    """The request id (16 bytes) of a record of play logs; None when it carries none."""
    for name, data in headers or ():
        if name == "request-id" and data:
            try:
                return uuid.UUID(data.decode("ascii")).bytes
            except ValueError:
                return None
    return None


class BrokerTopic:
    """The topic as the brokers describe it. May be used from several threads; every method may raise Transient.

    `identity_of` finds in a record's headers what the ledger knows it by.
    """

    def __init__(
        self,
        settings: KafkaSettings | CatalogueKafka,
        view: TopicView,
        identity_of: Callable[[Headers], bytes | None] = request_id_of,
    ) -> None:
        self._settings, self._view, self._identity_of = settings, view, identity_of
        # Looking at one record needs a consumer of its own: the poll thread's must not be touched.
        self._looking = threading.Lock()

    def topic_id(self) -> str:
        """Kafka's own id of the topic, asked for now."""
        return self._ask(lambda: self._view.describe(self._settings.topic)[0])

    def bounds(self, partition: int) -> tuple[int, int]:
        """The offsets of the oldest record that is left and of the next one to come."""
        start = self._ask(lambda: self._view.starts(self._settings.topic, [partition])[partition])
        return start, self.end(partition)

    def end(self, partition: int) -> int:
        """The offset of the next record to come."""
        return self._ask(lambda: self._view.ends(self._settings.topic, [partition])[partition])

    def identity_at(self, partition: int, offset: int) -> bytes | None:
        """What the record at an offset is known by; None when it carries nothing of the kind."""
        return self._identity_of(headers_of(self._record_at(partition, offset).headers()))

    def first_left(self, partition: int, offset: int) -> int:
        """The offset of the first record that is left at or after an offset; the end where there is none."""
        start, end = self.bounds(partition)
        wanted = max(start, offset)
        found = self._first_from(partition, wanted).offset() if wanted < end else None
        return end if found is None else found

    def appended_at(self, partition: int, offset: int) -> float:
        """The append time of the record at an offset, as Unix time in seconds."""
        return self._record_at(partition, offset).timestamp()[1] / 1000

    def ends(self, partitions: list[int]) -> dict[int, int]:
        """The offset of the next record to come, of each partition."""
        return self._ask(lambda: self._view.ends(self._settings.topic, partitions)) if partitions else {}

    def retention_seconds(self) -> float | None:
        """How long the topic keeps a record; None: for ever."""
        milliseconds = int(self._ask(lambda: self._view.settings(self._settings.topic))["retention.ms"])
        return None if milliseconds < 0 else milliseconds / 1000

    def _record_at(self, partition: int, offset: int) -> Message:
        message = self._first_from(partition, offset)
        if message.offset() != offset:
            raise Transient(f"there is no record at offset {offset} of partition {partition}", "kafka")
        return message

    def _first_from(self, partition: int, offset: int) -> Message:
        settings = self._settings.client() | {"group.id": self._settings.group, "log_level": 0}
        with self._looking:
            consumer = Consumer(settings | {"enable.auto.commit": False, "auto.offset.reset": "error"})
            try:
                consumer.assign([TopicPartition(self._settings.topic, partition, offset)])
                deadline = time.monotonic() + LOOK_SECONDS
                while time.monotonic() < deadline:
                    message = consumer.poll(0.2)
                    if message is not None and message.error() is None:
                        return message
            except KafkaException as error:
                raise Transient(f"Kafka: {error.args[0]}", "kafka") from None
            finally:
                consumer.close()
        raise Transient(f"the record at offset {offset} of partition {partition} can't be read just now", "kafka")

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except (KafkaException, TimeoutError) as error:
            raise Transient(f"the brokers can't be asked about the topic: {error}", "kafka") from None
