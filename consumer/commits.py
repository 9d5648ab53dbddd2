"""How the last transactions went: counted by the writers, read and begun anew by the observer."""

import statistics
import threading
from collections import deque
from dataclasses import dataclass

from consumer.flush import Flushed

#: Seconds that are remembered between two looks; of more, the latest.
MOST_COMMITS = 2_000


@dataclass(frozen=True)
class Summary:
    """Transactions since the last look: logs and records stored, and the median and the worst COMMIT in seconds."""

    rows: int = 0
    records: int = 0
    median_seconds: float | None = None
    worst_seconds: float | None = None


class Commits:
    """Shared by all writers; each call takes a moment, whatever was counted before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: deque[float] = deque(maxlen=MOST_COMMITS)
        self._rows = self._records = 0

    def count(self, flushed: Flushed) -> None:
        """A transaction was committed."""
        with self._lock:
            self._rows += flushed.tally.stored
            self._records += flushed.tally.records
            self._seconds.append(flushed.commit_seconds)

    def take(self) -> Summary:
        """What was counted since the last time."""
        with self._lock:
            seconds, rows, records = list(self._seconds), self._rows, self._records
            self._seconds.clear()
            self._rows = self._records = 0
        if not seconds:
            return Summary()
        return Summary(rows, records, statistics.median(seconds), max(seconds))
