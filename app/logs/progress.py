"""What Kafka says of the persister's progress: the offsets of its group, and how old the oldest unread record is.

The persister commits its ledger's offsets to Kafka as a courtesy, a little later than it stores: what is consumed by
these offsets is certainly stored, duplicate or dead letter.
"""

import threading
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from confluent_kafka import KafkaError, KafkaException

from common.clock import Clock

T = TypeVar("T")

#: Requests that may wait for Kafka's answer, and how long another one waits for a place among them.
PLACES = 4
PLACE_SECONDS = 0.05
#: After a failure the next question is asked so much later; those that come before hear of the failure.
FAILED_SECONDS = 1.0
COMMITTED_SECONDS = 1.0
BACKLOG_SECONDS = 5.0
#: Ages in seconds that are asked for: the backlog is at least as old as the largest that holds.
LADDER = (5, 15, 30, 60, 300, 900, 3_600, 21_600, 86_400, 2 * 86_400, 4 * 86_400, 7 * 86_400)


class OffsetSource(Protocol):
    """The part of common.kafka.TopicView that is needed here. Raises KafkaException."""

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]: ...

    def starts(self, topic: str, partitions: list[int]) -> dict[int, int]: ...

    def at_or_after(self, topic: str, partitions: list[int], milliseconds: int) -> dict[int, int | None]: ...

    def committed(self, group: str, topic: str, partitions: list[int]) -> dict[int, int | None]: ...


@dataclass(frozen=True)
class Cached:
    """An answer, what it was an answer to, and when it was given."""

    question: object
    answer: object
    at: float


class Progress:
    """Answers from Kafka, each kept for a moment: a client that asks again and again costs the brokers little.

    While Kafka is away a question waits for seconds, and no more than PLACES requests wait with it: the others hear at
    once that it can't be asked, so that there are threads left for the logs and for /health.
    """

    def __init__(self, source: OffsetSource, topic: str, group: str, clock: Clock) -> None:
        self._source = source
        self._topic = topic
        self._group = group
        self._clock = clock
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(PLACES)
        self._taken: set[int] = set()
        self._failures: dict[str, tuple[float, KafkaException]] = {}
        self._cache: dict[str, Cached] = {}

    @property
    def free_places(self) -> int:
        """How many more requests may wait with those that do."""
        return PLACES - len(self._taken)

    def committed(self, partitions: int) -> Mapping[int, int | None]:
        """The offset up to which the persister has read each partition; None where it says nothing."""
        numbers = list(range(partitions))

        def ask() -> Mapping[int, int | None]:
            return self._source.committed(self._group, self._topic, numbers)

        return self._cached("committed", partitions, COMMITTED_SECONDS, ask)

    def backlog_seconds(self, partitions: int) -> int:
        """The least age of the oldest record that the persister hasn't read; 0 when there is none."""
        return self._cached("backlog", partitions, BACKLOG_SECONDS, lambda: self._backlog(partitions))

    def _backlog(self, partitions: int) -> int:
        numbers = list(range(partitions))
        ends = self._source.ends(self._topic, numbers)
        starts = self._source.starts(self._topic, numbers)
        committed = self._source.committed(self._group, self._topic, numbers)
        # Records that retention removed can't be read any more.
        unread = {
            number: max(offset if (offset := committed.get(number)) is not None else 0, starts[number])
            for number in numbers
        }
        behind = {number: offset for number, offset in unread.items() if offset < ends[number]}
        if not behind:
            return 0
        now = int(self._clock.now().timestamp() * 1000)

        def is_younger(age: int) -> bool:
            """Whether every unread record is younger than this."""
            firsts = self._source.at_or_after(self._topic, list(behind), now - age * 1000)
            return not any((first := firsts[number]) is None or first > offset for number, offset in behind.items())

        step = bisect_left(LADDER, True, key=is_younger)
        return LADDER[step - 1] if step else 0

    def _cached(self, name: str, question: object, seconds: float, ask: Callable[[], T]) -> T:
        if not self._places.acquire(timeout=PLACE_SECONDS):
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
        self._taken.add(threading.get_ident())
        try:
            # One thread asks; those that come meanwhile share its answer, or its failure.
            with self._lock:
                kept = self._cache.get(name)
                now = self._clock.monotonic()
                failed_at, failure = self._failures.get(name, (float("-inf"), None))
                if failure is not None and now - failed_at < FAILED_SECONDS:
                    raise KafkaException(*failure.args)
                if kept is None or kept.question != question or now - kept.at >= seconds:
                    kept = Cached(question, self._ask(name, ask), now)
                    self._cache[name] = kept
                return kept.answer  # type: ignore[return-value]  # the name says the type
        finally:
            self._taken.discard(threading.get_ident())
            self._places.release()

    def _ask(self, name: str, ask: Callable[[], T]) -> T:
        try:
            answer = ask()
        except KafkaException as error:
            self._failures[name] = (self._clock.monotonic(), error)
            raise
        self._failures.pop(name, None)
        return answer
