"""Acts on the writers' news, hands them batches, and pauses and resumes partitions; on the poll thread."""

import logging
from typing import Any

from confluent_kafka import KafkaException, TopicPartition

from common.clock import Clock
from consumer.assigned import Assigned
from consumer.batch import Limits
from consumer.partition import Astray, Failed, Held, Loaded, Lost, MayResume, News, Partition, Stored, Troubled
from consumer.workers import Worker, Workers

logger = logging.getLogger(__name__)

#: How often an idle partition's row in the ledger is looked at, and an ended day is cut.
TEND_SECONDS = 15.0
#: After an assignment the first look comes sooner: a day may have ended while nobody was there to cut it.
FIRST_TEND_SECONDS = 1.0
#: A partition is paused while this many batches wait in memory beside the one under way.
WAITING_BATCHES = 2


class Steering:
    """One piece of work at a time is under way for a partition."""

    def __init__(
        self,
        consumer: Any,
        topic: str,
        assigned: Assigned,
        workers: Workers,
        limits: Limits,
        clock: Clock,
        tend_seconds: float = TEND_SECONDS,
    ) -> None:
        self._consumer, self._topic, self._assigned, self._workers = consumer, topic, assigned, workers
        self._limits, self._clock, self._tend_seconds = limits, clock, tend_seconds

    def hear(self) -> None:
        """Acts on the news. Raises what made a writer fail, once all that was told with it is heard.

        A partition whose news was forgotten would be waited for at the end.
        """
        failures: list[Failed] = []
        for news in self._assigned.heard():
            if news.ends_work:
                news.partition.is_busy = False
            if isinstance(news, Failed):
                failures.append(news)
            else:
                self._act(news)
        if failures:
            raise failures[0].error

    def advance(self) -> None:
        """Gives every idle partition its next piece of work."""
        now = self._clock.monotonic()
        for partition in self._assigned.all():
            if partition.is_busy or partition.expected is None or partition.held is not None:
                continue
            if partition.hole is not None and not partition.buffer.records:
                self._submit(partition).check_hole(partition)
            elif partition.is_paused and self._is_roomy(partition):
                # Before the next batch: what is read on arrives while that one is stored.
                self._submit(partition).check_resume(partition)
            elif partition.buffer.is_due(self._limits, now) or partition.hole is not None:
                self._submit(partition).store(partition, partition.buffer.take(self._limits))
            elif not partition.buffer.records and now - partition.tended_at >= self._tend_seconds:
                partition.tended_at = now
                self._submit(partition).tend(partition)

    def bound(self, partition: Partition) -> None:
        """Pauses a partition of which enough waits in memory."""
        if not partition.is_paused and partition.buffer.bytes >= WAITING_BATCHES * self._limits.bytes:
            self._pause(partition)

    def reload(self, partition: Partition) -> None:
        """Forgets what was read and asks the ledger again, once the work under way has ended."""
        partition.buffer.clear()
        partition.expected = None
        self._pause(partition)
        if not partition.is_busy:
            self._submit(partition).load(partition)

    def _act(self, news: News) -> None:
        partition = news.partition
        match news:
            case Loaded():
                self._begin(partition, news.next_offset)
            case Stored():
                partition.trouble = None
                partition.stored_offset, partition.tended_at = news.next_offset, self._clock.monotonic()
                partition.stored_at = news.booked_at or partition.stored_at
                self._load_if_astray(partition)
            case MayResume():
                partition.trouble = None
                if not self._load_if_astray(partition):
                    self._resume(partition)
            case _:
                self._act_on_trouble(partition, news)

    def _act_on_trouble(self, partition: Partition, news: News) -> None:
        match news:
            case Astray():
                self._lead_back(partition, news.next_offset)
            case Troubled():
                partition.trouble = news.reason
                self._pause(partition)
            case Lost():
                partition.buffer.clear()
                partition.expected = None
                self._pause(partition)
            case Held():
                partition.held = news.reason
                partition.buffer.clear()
                self._pause(partition)
                facts = {"partition_no": partition.number, "reason": news.reason}
                logger.error("ALERT: partition %(partition_no)d is held: %(reason)s", facts, extra=facts)

    def _begin(self, partition: Partition, offset: int) -> None:
        partition.trouble = partition.hole = None
        partition.buffer.clear()
        partition.stored_offset = offset
        partition.tended_at = self._clock.monotonic() - self._tend_seconds + FIRST_TEND_SECONDS
        partition.expected = offset
        # The resume first: it wakes up nobody, and behind a seek the next fetch would be a second away. What is fetched
        # in between, from the end, is of a version that the seek outdates: the library drops it.
        self._resume(partition)
        self._seek(partition, offset)

    def _lead_back(self, partition: Partition, offset: int) -> None:
        """The library may answer a question for the partition's end after the seek, and go on reading there."""
        partition.tended_at = now = self._clock.monotonic()
        came, partition.hole = partition.hole, None
        if self._load_if_astray(partition) or partition.expected != offset:
            return  # What was missed has arrived meanwhile.
        if came is None and now - partition.sought_at < self._tend_seconds:
            return  # It was sent there a moment ago: what it asked for may be on the way.
        facts = {"partition_no": partition.number, "next_offset": offset, "came": came}
        logger.warning(
            "partition %(partition_no)d has records from offset %(next_offset)d on that didn't come: sought again",
            facts,
            extra=facts,
        )
        partition.buffer.clear()
        self._seek(partition, offset)

    def _seek(self, partition: Partition, offset: int) -> None:
        place = TopicPartition(self._topic, partition.number, offset)
        partition.sought_at = self._clock.monotonic()
        try:
            self._consumer.seek(place)
        except KafkaException as error:
            # A partition whose fetching an error has ended takes no seek: it is assigned anew at the right place.
            facts = {"partition_no": place.partition, "error": str(error.args[0])}
            logger.warning("partition %(partition_no)d is assigned anew: %(error)s", facts, extra=facts)
            self._consumer.incremental_unassign([place])
            self._consumer.incremental_assign([place])

    def _load_if_astray(self, partition: Partition) -> bool:
        if partition.expected is None:
            self._submit(partition).load(partition)
        return partition.expected is None

    def _is_roomy(self, partition: Partition) -> bool:
        return partition.buffer.bytes < self._limits.bytes

    def _submit(self, partition: Partition) -> Worker:
        partition.is_busy = True
        return self._workers.of(partition)

    def _pause(self, partition: Partition) -> None:
        if not partition.is_paused:
            partition.is_paused = True
            self._consumer.pause([TopicPartition(self._topic, partition.number)])

    def _resume(self, partition: Partition) -> None:
        partition.is_paused = False
        self._consumer.resume([TopicPartition(self._topic, partition.number)])
