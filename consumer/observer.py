"""Measures, beside the work: lag, freshness, the backlog's end, and how near anything is to running out."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Protocol

import MySQLdb
from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import rows
from common.metrics import Metrics
from consumer.commits import Commits
from consumer.heartbeat import Heartbeat, Look
from consumer.partition import Partition
from consumer.trouble import Transient

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
LOOKS_A_DAYS_CHECK = 60
ALERT_DAYS = 3
#: Above this share of its retention an unread record is in danger.
ALERT_RETENTION_PERCENT = 50.0

LAST_DAY = """
    SELECT MAX(partition_description) FROM information_schema.partitions
    WHERE table_schema = DATABASE() AND table_name = 'play_log'"""


class ObservedTopic(Protocol):
    """The part of consumer.topic.BrokerTopic that is looked at; each raises Transient."""

    def ends(self, partitions: list[int]) -> dict[int, int]: ...
    def appended_at(self, partition: int, offset: int) -> float: ...
    def retention_seconds(self) -> float | None: ...


class Observer(threading.Thread):
    """Looks every 10 s; a look that fails is logged and changes nothing."""

    def __init__(
        self,
        topic: ObservedTopic,
        partitions: Callable[[], list[Partition]],
        database: tuple[Callable[[], Connection], Heartbeat],
        commits: Commits,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        super().__init__(name="observer", daemon=True)
        self._topic, self._partitions = topic, partitions
        self._connect, self._heartbeat = database
        self._commits, self._clock, self._metrics = commits, clock, metrics
        self._ended = threading.Event()
        self._last: tuple[float, dict[int, int]] = (clock.monotonic(), {})

    def run(self) -> None:
        looks = 0
        while not self._ended.wait(LOOK_SECONDS if looks else 1.0):
            try:
                partitions = self._partitions()
                self._heartbeat.beat(self.look(partitions), partitions)
                if looks % LOOKS_A_DAYS_CHECK == 0:
                    self.check_days()
            except (Transient, MySQLdb.Error) as error:
                facts = {"kind": type(error).__name__}
                logger.info("couldn't measure just now: %(kind)s", facts, extra=facts)
            looks += 1
        with suppress(MySQLdb.Error):
            self._heartbeat.leave()

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

    def check_days(self) -> None:
        """Alerts when the tables' days run out. Raises MySQLdb.Error."""
        connection = self._connect()
        try:
            ((last,),) = rows(connection, LAST_DAY)
        finally:
            connection.close()
        # The partition's bound is the day after its own, quoted.
        last_day = date.fromisoformat(str(last).strip("'")) - timedelta(days=1)
        ahead = (last_day - self._clock.now().date()).days
        self._metrics.gauge("persister.days_ahead", ahead)
        if ahead <= ALERT_DAYS:
            facts = {"days": ahead}
            logger.error("ALERT: tables exist for %(days)d more days: run `playlog migrate`", facts, extra=facts)
