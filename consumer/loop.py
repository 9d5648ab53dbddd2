"""Moves records from Kafka to the writers, a batch at a time; it knows neither topics' contents nor tables."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import KafkaError

from common.clock import Clock
from common.kafka import is_fatal
from consumer.assigned import Assigned
from consumer.batch import Polled
from consumer.courtesy import Courtesy
from consumer.steering import Steering
from consumer.topic import headers_of
from consumer.trouble import Stop

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
POLL_RECORDS = 500
#: How long a revoke and a stop wait for the batches under way.
FINISH_SECONDS = 5.0
#: A loop that hasn't polled for so long is stuck.
STUCK_SECONDS = 30.0


class ConsumerLoop:
    """Polls, buffers, hands batches to the writers, and acts on their news.

    Each record ends in one of three ways: stored, or counted as a repeat, with its offset, in one database
    transaction; kept as a dead letter in that same transaction; or not stored because the database failed, and then
    nothing of its batch is, and it is tried again. A crash can make a record be read twice; it is stored once, for
    the offset lies beside the rows. This thread never waits for the database, but for the few seconds in which a
    revoked partition's batch may still finish.
    """

    def __init__(
        self,
        consumer: Any,
        topic: str,
        assigned: Assigned,
        steering: Steering,
        courtesy: Courtesy,
        clock: Clock,
    ) -> None:
        self._consumer, self._topic, self._assigned = consumer, topic, assigned
        self._steering, self._courtesy, self._clock = steering, courtesy, clock
        self._turned_at = clock.monotonic()

    def run(self, is_stopping: Callable[[], bool]) -> None:
        """Runs until `is_stopping()`. Raises Stop when going on could lose or double a log.

        In both cases the batches under way may finish, and the group is left.
        """
        self._consumer.subscribe(
            [self._topic],
            on_assign=lambda _, partitions: self._assigned.assign(partitions),
            on_revoke=lambda _, partitions: self._assigned.revoke(partitions, FINISH_SECONDS),
            on_lost=lambda _, partitions: self._assigned.lose(partitions),
        )
        try:
            while not is_stopping():
                self.turn()
        finally:
            self._assigned.finish(FINISH_SECONDS)
            self._consumer.close()

    @property
    def is_turning(self) -> bool:
        """Whether it polled within the last half minute; may be asked from any thread."""
        return self._clock.monotonic() - self._turned_at < STUCK_SECONDS

    def turn(self) -> None:
        """One turn: poll, hear the writers, give them work, tell Kafka how far it got."""
        self._turned_at = self._clock.monotonic()
        for message in self._consumer.consume(POLL_RECORDS, POLL_SECONDS):
            self._take(message)
        self._steering.hear()
        self._steering.advance()
        self._courtesy.tick(self._assigned.all())

    def _take(self, message: Any) -> None:
        if message.error() is not None:
            self._weigh(message)
            return
        partition = self._assigned.get(message.partition())
        if partition is None or partition.expected is None or partition.hole is not None:
            return  # Read before the ledger said where to begin, or behind what is gone: it isn't to be stored.
        offset = message.offset()
        if offset < partition.expected:
            return
        if offset > partition.expected:
            partition.hole = offset
            return
        record = Polled(offset, _moment(message), headers_of(message.headers()), message.value())
        partition.expected = offset + 1
        partition.buffer.add(record, self._clock.monotonic())
        self._steering.bound(partition)

    def _weigh(self, message: Any) -> None:
        error = message.error()
        partition = self._assigned.get(message.partition()) if message.partition() is not None else None
        facts = {"error": error.name(), "partition_no": message.partition()}
        if error.code() == KafkaError._AUTO_OFFSET_RESET and partition is not None:
            if partition.expected is not None:
                # The writer's look at the topic's bounds names what is lost, and stops the process.
                logger.error("partition %(partition_no)s: the wanted offset is gone", facts, extra=facts)
                self._steering.reload(partition)
            return
        if is_fatal(error):
            raise Stop(f"the Kafka client can't go on: {error.name()}. Start again; read its log lines above.")
        logger.warning("Kafka: %(error)s at partition %(partition_no)s", facts, extra=facts)


def _moment(message: Any) -> datetime:
    _, milliseconds = message.timestamp()
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)
