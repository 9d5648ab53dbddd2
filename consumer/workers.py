"""Which worker does a partition's work: always the same one, so that it is done in order."""

from collections.abc import Sequence
from typing import Protocol

from consumer.batch import Polled
from consumer.partition import Partition


class Worker(Protocol):
    """Does a partition's work in another thread; consumer.work.Work."""

    def load(self, partition: Partition) -> None: ...
    def store(self, partition: Partition, records: Sequence[Polled]) -> None: ...
    def tend(self, partition: Partition) -> None: ...
    def check_resume(self, partition: Partition) -> None: ...
    def check_hole(self, partition: Partition) -> None: ...


class Workers:
    """A fixed worker for each partition."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers

    def of(self, partition: Partition) -> Worker:
        return self._workers[partition.number % len(self._workers)]

    def load(self, partition: Partition) -> None:
        """Asks the partition's worker for its position."""
        self.of(partition).load(partition)
