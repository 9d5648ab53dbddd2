"""The threads that compare: each takes a request that waits, asks three times, judges, and keeps what it found."""

import logging
import threading
from collections.abc import Callable, Iterable

from common.clock import Clock
from common.metrics import Metrics
from moving.comparator.asking import Asker
from moving.comparator.comparison import comparison_of
from moving.comparator.inbox import Waiting
from moving.comparator.judge import Judgement, judge
from moving.comparator.store import Store
from moving.comparator.told import Told

logger = logging.getLogger(__name__)

THREADS = 4
TAKE_SECONDS = 0.2


class Pace:
    """So many turns a second at most, over all threads."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap, self._clock = 1 / per_second, clock
        self._lock = threading.Lock()
        self._next = 0.0

    def seconds_to_wait(self) -> float:
        """Takes a turn, and says how long until it comes."""
        with self._lock:
            now = self._clock.monotonic()
            wait = max(0.0, self._next - now)
            self._next = max(now, self._next) + self._gap
            return wait


class Workers:
    """Started once; `judged` hears of each comparison that is kept."""

    def __init__(
        self,
        waiting: Waiting,
        asker: Callable[[], Asker],
        store: Store,
        pace: Pace,
        metrics: Metrics,
        judged: Callable[[Told, Judgement], None],
        ignored: Iterable[str],
        slower_factor: float,
        again_seconds: float,
    ) -> None:
        self._waiting, self._asker, self._store, self._pace = waiting, asker, store, pace
        self._metrics, self._judged = metrics, judged
        self._ignored, self._slower_factor, self._again_seconds = tuple(ignored), slower_factor, again_seconds
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        #: Requests that are asked just now.
        self.under_way = 0
        #: Requests that the legacy API gave no answer to: there was nothing to compare with.
        self.without_legacy = 0
        self._threads = [threading.Thread(target=self._run, name=f"compare-{n}", daemon=True) for n in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        asker = self._asker()
        while not self._stopping.is_set():
            found = self._waiting.take(TAKE_SECONDS)
            if found is None:
                continue
            self._add(1)
            try:
                if self._stopping.wait(self._pace.seconds_to_wait()):
                    break
                self.compare(asker, *found)
            except Exception:
                # One answer that nobody foresaw ends no thread.
                logger.exception("a comparison failed")
            finally:
                self._add(-1)
        asker.close()

    def _add(self, number: int) -> None:
        with self._lock:
            self.under_way += number

    def compare(self, asker: Asker, told: Told, is_again: bool) -> None:
        """One request. The legacy API first and last: a clock in its answers goes on between the two."""
        legacy = asker.legacy(told)
        ours = asker.ours(told)
        again = asker.legacy(told)
        if legacy is None or again is None:
            with self._lock:
                self.without_legacy += 1
            self._metrics.count("move.without_legacy")
            return
        judgement = judge(legacy, again, ours, self._ignored, self._slower_factor)
        if judgement.verdict == "differs" and not is_again:
            self._waiting.put_again(told, self._again_seconds)
            return
        self._store.put(comparison_of(told, judgement, legacy, ours))
        self._metrics.count("move.compared", tags=[f"verdict:{judgement.verdict}"])
        self._judged(told, judgement)
