"""The partitions that the group has given us, from assignment to revocation; on the poll thread."""

import logging
import queue
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from confluent_kafka import OFFSET_END, TopicPartition

from common.clock import Clock
from consumer.courtesy import Courtesy
from consumer.partition import News, Partition, Stored

logger = logging.getLogger(__name__)


class Assigned:
    """Keeps each assigned partition's state.

    A partition is assigned paused, at an offset that is never read from, until its writer has read the ledger. When
    it is taken away, the batch under way may finish for some seconds; then it is marked, and its writer, which looks
    at the mark before COMMIT, gives it up. The fence covers the rest.
    """

    def __init__(
        self,
        consumer: Any,
        topic: str,
        load: Callable[[Partition], None],
        news: "queue.SimpleQueue[News]",
        courtesy: Courtesy,
        clock: Clock,
    ) -> None:
        self._consumer, self._topic, self._load = consumer, topic, load
        self._news, self._courtesy, self._clock = news, courtesy, clock
        self._partitions: dict[int, Partition] = {}
        self._put_off: deque[News] = deque()

    def get(self, number: int) -> Partition | None:
        """The assigned partition of that number."""
        return self._partitions.get(number)

    def all(self) -> list[Partition]:
        """The assigned partitions, as they are now; the one method that any thread may call."""
        return list(self._partitions.copy().values())

    def assign(self, partitions: Sequence[TopicPartition]) -> None:
        """Takes partitions on."""
        # The pause can come too late for the first fetch. At the end it finds nothing wrong; at 0 it would meet
        # retention, and a partition that has met an offset out of range takes no seek any more.
        places = [TopicPartition(self._topic, each.partition, OFFSET_END) for each in partitions]
        self._consumer.incremental_assign(places)
        self._consumer.pause(places)
        for place in places:
            self._courtesy.forget(place.partition)
            partition = Partition(place.partition, is_busy=True, tended_at=self._clock.monotonic())
            self._partitions[place.partition] = partition
            self._load(partition)
        _log("assigned partitions %(numbers)s", places)

    def revoke(self, partitions: Sequence[TopicPartition], seconds: float) -> None:
        """Gives partitions up, `seconds` from now at the latest."""
        leaving = [self._partitions[each.partition] for each in partitions if each.partition in self._partitions]
        self._finish(leaving, seconds)
        self._courtesy.commit(leaving)
        for each in leaving:
            del self._partitions[each.number]
        self._consumer.incremental_unassign(list(partitions))
        _log("gave up partitions %(numbers)s", partitions)

    def lose(self, partitions: Sequence[TopicPartition]) -> None:
        """Partitions were taken away already: abandon everything at once, commit nothing."""
        for each in partitions:
            partition = self._partitions.pop(each.partition, None)
            if partition is not None:
                partition.abandoned.set()
        self._consumer.incremental_unassign(list(partitions))
        _log("lost partitions %(numbers)s: another member writes them now", partitions)

    def finish(self, seconds: float) -> None:
        """Before the end: lets the batches under way finish, marks the rest, commits where it got to."""
        self._finish(list(self._partitions.values()), seconds)
        self._courtesy.commit(self._partitions.values())

    def heard(self) -> list[News]:
        """The writers' news of partitions that still are ours."""
        found: list[News] = []
        while self._put_off:
            found.append(self._put_off.popleft())
        while True:
            try:
                found.append(self._news.get_nowait())
            except queue.Empty:
                break
        return [each for each in found if self._partitions.get(each.partition.number) is each.partition]

    def _finish(self, leaving: Sequence[Partition], seconds: float) -> None:
        deadline = self._clock.monotonic() + seconds
        # Those marked already were waited for before: at the end the group's close asks once more.
        while any(each.is_busy and not each.abandoned.is_set() for each in leaving):
            remaining = deadline - self._clock.monotonic()
            if remaining <= 0:
                break
            try:
                news = self._news.get(timeout=remaining)
            except queue.Empty:
                break
            if news.partition not in leaving:
                self._put_off.append(news)
                continue
            if isinstance(news, Stored):
                news.partition.stored_offset = news.next_offset
            # Troubled says that a try failed; whatever else comes ends the work under way.
            news.partition.is_busy = not news.ends_work
        for each in leaving:
            each.abandoned.set()
            each.buffer.clear()


def _log(message: str, places: Sequence[TopicPartition]) -> None:
    facts = {"numbers": [each.partition for each in places]}
    logger.info(message, facts, extra=facts)
