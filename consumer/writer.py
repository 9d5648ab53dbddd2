"""A thread that does a queue of work for its partitions, and tries each piece until it is done."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from common.metrics import Metrics
from consumer.pace import Backoff
from consumer.partition import Failed, GaveUp, Held, News, Partition, Troubled
from consumer.session import Session
from consumer.trouble import Abandoned, Hold, Stop, Transient

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Task = Callable[[], None]


class Writer(threading.Thread):
    """Works off its queue in order; a partition always belongs to the same writer.

    Each piece ends in news for the poll thread: what the piece itself tells, or that it was given up (the partition
    was taken away), is held (an operator must look), or failed (the process must stop).
    """

    def __init__(
        self,
        name: str,
        session: Session,
        news: "queue.SimpleQueue[News]",
        backoff: Callable[[], Backoff],
        metrics: Metrics,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.session = session
        self._news, self._backoff, self._metrics = news, backoff, metrics
        self._work: queue.SimpleQueue[tuple[Partition, Task] | None] = queue.SimpleQueue()

    def submit(self, partition: Partition, task: Task) -> None:
        """Puts a piece of work at the end of the queue."""
        self._work.put((partition, task))

    def finish(self) -> None:
        """Ends the thread once its queue is empty."""
        self._work.put(None)

    def run(self) -> None:
        while (work := self._work.get()) is not None:
            self.perform(*work)
        self.session.drop()

    def perform(self, partition: Partition, task: Task) -> None:
        """Does one piece of work; whatever goes wrong becomes news."""
        try:
            if partition.abandoned.is_set():
                raise Abandoned(f"partition {partition.number} was taken away")
            task()
        except Abandoned:
            self._news.put(GaveUp(partition))
        except Hold as hold:
            self._news.put(Held(partition, str(hold)))
        except Exception as error:
            if not isinstance(error, Stop):
                logger.exception("the writer met an error that it doesn't know")
            self._news.put(Failed(partition, error))

    def insist(self, partition: Partition, attempt: Callable[[], Result]) -> Result:
        """Tries until it works, with growing waits and a fresh connection each time.

        The batch stays in memory meanwhile, so that an outage costs no second read. Raises whatever isn't Transient,
        and Abandoned as soon as the partition is taken away.
        """
        backoff = self._backoff()
        while True:
            try:
                return attempt()
            except Transient as trouble:
                self.session.drop()
                wait = backoff.next()
                self._metrics.count("persister.retries", 1, (f"reason:{trouble.kind}",))
                facts = {"partition_no": partition.number, "reason": str(trouble), "seconds": round(wait, 3)}
                logger.warning(
                    "partition %(partition_no)d waits %(seconds).1f s and tries again: %(reason)s", facts, extra=facts
                )
                self._news.put(Troubled(partition, str(trouble)))
                self.wait(partition, wait)

    def wait(self, partition: Partition, seconds: float) -> None:
        """Waits, unless the partition is taken away: then raises Abandoned."""
        if partition.abandoned.wait(max(0.0, seconds)):
            raise Abandoned(f"partition {partition.number} was taken away")
