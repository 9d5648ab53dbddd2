"""Publishes accepted requests to Kafka, and returns when the brokers have acknowledged."""

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from confluent_kafka import KafkaError, KafkaException

from app.logs.circuit import Circuit, Ticket
from app.logs.delivery import Delivery, NotPublished, Published, RecordTooLarge
from app.logs.limits import MAX_RECORD_BYTES, MESSAGE_TIMEOUT_SECONDS, REPLY_DEADLINE_SECONDS
from app.logs.producer import BATCH_BYTES, Line, MakeProducer
from app.logs.topic_watch import TopicFacts
from common.clock import Clock
from common.kafka import is_fatal
from common.metrics import Metrics
from common.records import Headers

logger = logging.getLogger(__name__)

#: Around a record: the batch's header, lengths and counts. More than they ever take.
FRAME_BYTES = 256
#: Around each header: its two lengths.
HEADER_BYTES = 10
GAUGE_SECONDS = 5.0
#: A batch that was refused so soon is tried again: with the message's time-out the second still ends in time.
SECOND_TRY_SECONDS = 1.0


class Topic(Protocol):
    """What the publisher asks of app.logs.topic_watch.TopicWatch."""

    @property
    def facts(self) -> TopicFacts | None: ...

    @property
    def is_missing(self) -> bool: ...

    def look(self) -> None: ...


class KafkaPublisher:
    """One producer for all threads of a process. A record is acknowledged by all in-sync replicas, or NotPublished.

    A record that timed out may be stored all the same (kept unknown); one that was never produced isn't (kept no).
    """

    def __init__(
        self, make: MakeProducer, name: str, topic: Topic, circuit: Circuit, clock: Clock, metrics: Metrics, places: int
    ) -> None:
        self._make = make
        self._name = name
        self._topic = topic
        self._circuit = circuit
        self._clock = clock
        self._metrics = metrics
        self._places = threading.BoundedSemaphore(places)
        self._replacing = threading.Lock()
        self._gauged_at = float("-inf")
        self._line = self._new_line()

    @property
    def problems(self) -> Sequence[str]:
        """Why requests would be refused at once; empty when the next one is given a chance."""
        return ("Kafka doesn't acknowledge records.",) if self._circuit.is_blind else ()

    def publish(self, stream: str, value: bytes, headers: Headers) -> Published:
        """Returns when the record is acknowledged. Raises NotPublished or RecordTooLarge."""
        started = self._clock.monotonic()
        delivery = self._send(value, headers)
        if delivery.error == KafkaError.MSG_SIZE_TOO_LARGE and self._may_try_again(value, started):
            delivery = self._send(value, headers)
        if delivery.error is not None:
            raise self._failure(delivery.error, value)
        if delivery.offset is None:
            raise NotPublished("no offset", "unknown")
        taken = self._clock.monotonic() - started
        self._metrics.timing("publish.ack_time", taken * 1000, [f"stream:{stream}"])
        facts = self._topic.facts
        return Published(facts.topic_id if facts else "", delivery.partition, delivery.offset)

    def _send(self, value: bytes, headers: Headers) -> Delivery:
        """The record's fate. Raises as publish()."""
        self._check_size(value, headers)
        if self._topic.is_missing:
            raise NotPublished("the topic doesn't exist", "no")
        if not self._places.acquire(blocking=False):
            raise NotPublished("busy", "no")
        try:
            ticket = self._circuit.enter()
            if ticket is None:
                raise NotPublished("circuit open", "no")
            delivery = self._produce(ticket, value, headers)
            is_told = delivery.wait(REPLY_DEADLINE_SECONDS)
        finally:
            self._places.release()
        if not is_told:
            raise NotPublished("no answer", "unknown")
        return delivery

    def _may_try_again(self, value: bytes, started: float) -> bool:
        """Whether a record that the broker called too large may only have been in a batch that was.

        Then the topic's limit was lowered since the last look: nothing of the batch is kept, and what is smaller than
        the new limit goes through a new producer, with its smaller batches.
        """
        if self._is_alone(value) or self._clock.monotonic() - started > SECOND_TRY_SECONDS:
            return False
        self._topic.look()
        return self._clock.monotonic() - started <= SECOND_TRY_SECONDS

    def _is_alone(self, value: bytes) -> bool:
        return len(value) > self._line.batch_bytes

    def close(self) -> None:
        """Waits until the last records are acknowledged or given up."""
        left = self._line.close(MESSAGE_TIMEOUT_SECONDS)
        if left:
            logger.error("%(records)d records were left without an answer", facts := {"records": left}, extra=facts)

    def _check_size(self, value: bytes, headers: Headers) -> None:
        facts = self._topic.facts
        limit = facts.max_record_bytes if facts else MAX_RECORD_BYTES
        size = FRAME_BYTES + len(value) + sum(len(name) + len(data) + HEADER_BYTES for name, data in headers)
        if size > limit:
            raise RecordTooLarge
        if self._line.batch_bytes > limit:
            # Small neighbours in one batch must not become too large together.
            self._replace(self._line)

    def _produce(self, ticket: Ticket, value: bytes, headers: Headers) -> Delivery:
        line = self._line
        delivery = Delivery(self._circuit, ticket, line.note)
        try:
            try:
                line.produce(self._name, value, headers, delivery)
            except KafkaException as error:
                if not is_fatal(error.args[0]):
                    raise
                # The old producer took nothing: the new one can be given the same record.
                self._replace(line)
                line = self._line
                delivery = Delivery(self._circuit, ticket, line.note)
                line.produce(self._name, value, headers, delivery)
        except BufferError:
            self._circuit.given_up(ticket)
            raise NotPublished("queue full", "no") from None
        except KafkaException as error:
            self._circuit.given_up(ticket)
            if error.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE:
                raise RecordTooLarge from None
            raise NotPublished(error.args[0].name(), "no") from None
        return delivery

    def _failure(self, code: int, value: bytes) -> Exception:
        if code == KafkaError.MSG_SIZE_TOO_LARGE:
            return RecordTooLarge() if self._is_alone(value) else NotPublished("batch too large", "no")
        return NotPublished(KafkaError(code).name(), "unknown")

    def _on_error(self, error: KafkaError) -> None:
        facts = {"error_name": error.name(), "fatal": is_fatal(error)}
        logger.warning("Kafka: %(error_name)s", facts, extra=facts)
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._circuit.brokers_down()

    def _new_line(self) -> Line:
        facts = self._topic.facts
        batch_bytes = min(BATCH_BYTES, max(facts.max_record_bytes - FRAME_BYTES, 1)) if facts else BATCH_BYTES
        return Line(self._make(batch_bytes, self._on_error), batch_bytes, self._gauge)

    def _replace(self, broken: Line) -> None:
        """Builds a new producer: the old one is in a fatal state, or makes batches that are too large."""
        with self._replacing:
            if self._line is broken:
                logger.warning("a new producer takes over")
                self._line = self._new_line()
                broken.retire()

    def _gauge(self) -> None:
        now = self._clock.monotonic()
        if now - self._gauged_at >= GAUGE_SECONDS:
            self._gauged_at = now
            self._metrics.gauge("publish.circuit", self._circuit.state)
            self._metrics.gauge("publish.queue", self._circuit.waiting)
