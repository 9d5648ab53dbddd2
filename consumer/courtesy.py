"""Commits the ledger's offsets to Kafka too: for lag tools and receipts only; nobody starts from them."""

import logging
from collections.abc import Iterable
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from common.clock import Clock
from consumer.partition import Partition

logger = logging.getLogger(__name__)

#: Receipts turn to `consumed` within this time of the rows' COMMIT.
CHANGED_SECONDS = 0.5
#: Kafka forgets offsets that nobody commits again (offsets.retention.minutes).
REPEAT_SECONDS = 60.0


class Courtesy:
    """Belongs to the poll thread."""

    def __init__(self, consumer: Any, topic: str, clock: Clock) -> None:
        self._consumer, self._topic, self._clock = consumer, topic, clock
        self._sent: dict[int, int] = {}
        self._changed_at = self._repeated_at = clock.monotonic()

    def tick(self, partitions: Iterable[Partition]) -> None:
        """Commits what has changed, twice a second at most, and everything once a minute."""
        now = self._clock.monotonic()
        if now - self._repeated_at >= REPEAT_SECONDS:
            self._sent.clear()
            self._repeated_at = now
        if now - self._changed_at >= CHANGED_SECONDS:
            self._changed_at = now
            self.commit(partitions)

    def commit(self, partitions: Iterable[Partition]) -> None:
        """Commits the stored offsets that differ from those committed last; what fails is committed again."""
        offsets = {
            each.number: each.stored_offset
            for each in partitions
            if each.stored_offset is not None and self._sent.get(each.number) != each.stored_offset
        }
        if not offsets:
            return
        places = [TopicPartition(self._topic, number, offset) for number, offset in offsets.items()]
        try:
            self._consumer.commit(offsets=places, asynchronous=True)
        except KafkaException as error:
            facts = {"error": str(error.args[0])}
            logger.warning("Kafka didn't take the group's offsets: %(error)s", facts, extra=facts)
            return
        self._sent.update(offsets)

    def heard(self, error: KafkaError | None, places: Iterable[TopicPartition]) -> None:
        """What became of a commit: an offset that Kafka didn't take is sent again with the next ones."""
        for place in places:
            reason = error or place.error
            if reason is not None:
                self._sent.pop(place.partition, None)
                facts = {"partition_no": place.partition, "error": reason.name()}
                logger.info(
                    "Kafka didn't take the group's offset of partition %(partition_no)d: %(error)s", facts, extra=facts
                )

    def forget(self, number: int) -> None:
        """Commits the partition's offset again when it comes back."""
        self._sent.pop(number, None)
