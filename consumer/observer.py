"""Measures, beside the work: lag, freshness, the backlog's end, and how near anything is to running out."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import MySQLdb

from common.clock import Clock
from common.metrics import Metrics
from consumer.commits import Commits
from consumer.heartbeat import Look
from consumer.partition import Partition
from consumer.trouble import Transient

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
LOOKS_A_SLOW_ONE = 60
#: Above this share of its retention an unread record is in danger.
ALERT_RETENTION_PERCENT = 50.0


class ObservedTopic(Protocol):
    """The part of consumer.topic.BrokerTopic that is looked at; each raises Transient."""

    def ends(self, partitions: list[int]) -> dict[int, int]: ...
    def appended_at(self, partition: int, offset: int) -> float: ...
    def retention_seconds(self) -> float | None: ...


class Pulse(Protocol):
    """Where the process shows that it lives, as consumer.heartbeat.Heartbeat does; each raises MySQLdb.Error."""

    def beat(self, look: Look, partitions: Sequence[Partition]) -> None: ...
    def leave(self) -> None: ...


class NoPulse:
    """Nobody looks for this process in a table."""

    def beat(self, look: Look, partitions: Sequence[Partition]) -> None: ...
    def leave(self) -> None: ...


class Observer(threading.Thread):
    """Looks every 10 s, and every 10 minutes at what changes slowly; a failed look is logged and changes nothing."""

    def __init__(
        self,
        topic: ObservedTopic,
        partitions: Callable[[], list[Partition]],
        pulse: Pulse,
        look_slowly: Callable[[], None],
        commits: Commits,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        super().__init__(name="observer", daemon=True)
        self._topic, self._partitions = topic, partitions
        self._pulse, self._look_slowly = pulse, look_slowly
        self._commits, self._clock, self._metrics = commits, clock, metrics
        self._ended = threading.Event()
        self._last: tuple[float, dict[int, int]] = (clock.monotonic(), {})

    def run(self) -> None:
        looks = 0
        while not self._ended.wait(LOOK_SECONDS if looks else 1.0):
            try:
                partitions = self._partitions()
                self._pulse.beat(self.look(partitions), partitions)
                if looks % LOOKS_A_SLOW_ONE == 0:
                    self._look_slowly()
            except (Transient, MySQLdb.Error) as error:
                facts = {"kind": type(error).__name__}
                logger.info("couldn't measure just now: %(kind)s", facts, extra=facts)
            looks += 1
        with suppress(MySQLdb.Error):
            self._pulse.leave()

    def stop(self) -> None:
        """Looks no more."""
        self._ended.set()

    def look(self, partitions: list[Partition]) -> Look:
        """Measures each partition. Raises Transient."""
        self._metrics.gauge("persister.paused", sum(each.trouble is not None for each in partitions))
        self._metrics.gauge("persister.held", sum(each.held is not None for each in partitions))
        stored = {each.number: each.stored_offset for each in partitions if each.stored_offset is not None}
        ends = self._topic.ends(list(stored))
        lags = {number: max(0, ends[number] - offset) for number, offset in stored.items()}
        oldest = 0.0
        for number, lag in lags.items():
            tag = (f"partition:{number}",)
            self._metrics.gauge("persister.lag", lag, tag)
            age = self._clock.now().timestamp() - self._topic.appended_at(number, stored[number]) if lag else 0.0
            self._metrics.gauge("persister.freshness", age, tag)
            self._weigh(number, age)
            oldest = max(oldest, age)
        seconds, end = self._expect_end(stored, sum(lags.values()))
        return Look(seconds, lags, oldest, end, self._commits.take())

    def _weigh(self, number: int, age: float) -> None:
        retention = self._topic.retention_seconds() if age else None
        used = 100 * age / retention if retention else 0.0
        self._metrics.gauge("persister.retention_used", used, (f"partition:{number}",))
        if used >= ALERT_RETENTION_PERCENT:
            facts = {"partition_no": number, "percent": round(used)}
            logger.error(
                "ALERT: the oldest unread record of partition %(partition_no)d has used %(percent)d %% of its"
                " retention: make room in time, or raise retention.ms",
                facts,
                extra=facts,
            )

    def _expect_end(self, stored: dict[int, int], lag: int) -> tuple[float, float | None]:
        """Seconds since the last look, and until the backlog is stored; None while it doesn't shrink."""
        now = self._clock.monotonic()
        before, offsets = self._last
        self._last = (now, stored)
        moved = sum(offset - offsets[number] for number, offset in stored.items() if number in offsets)
        end: float | None = None
        if lag == 0:
            end = 0.0
        elif moved > 0 and now > before:
            end = lag / (moved / (now - before))
        if end is not None:
            self._metrics.gauge("persister.backlog_end", end)
        return now - before, end
