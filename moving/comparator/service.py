"""The comparator as a process: an inbox, threads that compare, and one that writes, watches, and takes moves back."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from MySQLdb.connections import Connection

from common.clock import SystemClock
from common.config import BadSettings
from common.database import connect
from common.metrics import Metrics, metrics_to
from common.status_server import StatusServer
from moving import table
from moving.books import Away, RegionBooks
from moving.comparator.asking import Asker
from moving.comparator.inbox import Inbox, Waiting
from moving.comparator.judge import EQUAL_BEYOND_NOISE, Judgement
from moving.comparator.store import Counts, Store
from moving.comparator.told import Told
from moving.comparator.workers import Pace, Workers
from moving.config import CompareConfig
from moving.plan import BadPlan, Plan, Step
from moving.watch import Alarm, Watch

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 0.25
PRUNE_SECONDS = 600.0
#: Seconds of work that may wait.
WAITING_SECONDS = 20
OPERATOR = "comparator"


class Comparator:
    """The whole process."""

    def __init__(self, config: CompareConfig) -> None:
        self._config, self._clock = config, SystemClock()
        self._metrics: Metrics = (closing := metrics_to(config.statsd_host, config.statsd_port))
        self._close_metrics = closing.close
        self._plan = Plan()
        self._watch = Watch(config.failures_bound, config.differences_bound, self._clock)
        self._store = Store(config.name)
        self._waiting = Waiting(max(50, int(config.per_second * WAITING_SECONDS)), self._clock)
        try:
            self._inbox = Inbox(config.bind, self._take)
        except OSError as error:
            place = f"{config.bind[0]}:{config.bind[1]}"
            raise BadSettings(
                [f"COMPARE_BIND: nothing can listen on {place} ({error.strerror}): choose another port."]
            ) from None
        self._workers = Workers(
            self._waiting,
            partial(Asker, config.legacy, config.ours, config.timeout_seconds),
            self._store,
            Pace(config.per_second, self._clock),
            self._metrics,
            self._judged,
            config.ignored,
            config.slower_factor,
            config.again_seconds,
        )
        region = config.region
        self._books = RegionBooks(
            partial(connect, region.database, region.password, answer_seconds=5, connect_seconds=2)
        )
        self._turned_at = self._clock.monotonic()
        self._pruned_at = float("-inf")
        self._is_away = False
        self._told_dropped = 0

    def run(self, stop: threading.Event) -> None:
        """Runs until `stop` is set."""
        status = StatusServer(self._config.status_bind, self._about, lambda: self._silent_seconds() < 60)
        status.start()
        self._inbox.start()
        self._workers.start()
        try:
            while not stop.wait(PERIOD_SECONDS):
                self._asking(self._turn)
        finally:
            self._inbox.stop()
            self._workers.stop()
            self._asking(self._end)
            status.stop()
            self._books.close()
            self._close_metrics()

    def _take(self, told: Told) -> None:
        """One request that nginx tells of; in the inbox's thread, so nothing here may wait."""
        if told.is_moved:
            move = self._plan.find(told.path, told.client, told.track)
            if move is not None:
                self._watch.served(move, is_sampled=told.is_sampled, has_failed=told.has_failed)
        if told.can_be_compared:
            self._waiting.put(told)

    def _judged(self, told: Told, judgement: Judgement) -> None:
        move = self._plan.find(told.path, told.client, told.track) if told.is_moved else None
        if move is not None:
            self._watch.compared(move, has_differed=judgement.verdict not in EQUAL_BEYOND_NOISE)

    def _turn(self, connection: Connection) -> None:
        self._plan = table.newest(connection)
        self._store.write(connection, self._counts())
        self._metrics.gauge("move.waiting", len(self._waiting))
        dropped = self._counts().dropped + self._counts().lost
        if dropped > self._told_dropped:
            self._metrics.count("move.dropped", dropped - self._told_dropped)
            self._told_dropped = dropped
        for alarm in self._watch.alarms(self._plan):
            self._take_back(connection, alarm)
        now = self._clock.monotonic()
        if now - self._pruned_at > PRUNE_SECONDS:
            self._store.prune(connection, self._config.keep_days)
            self._pruned_at = now

    def _take_back(self, connection: Connection, alarm: Alarm) -> None:
        plan = self._plan.without([alarm.move.number])
        about = f"move {alarm.move.number}: {alarm.move.about()}"
        try:
            table.append(connection, Step(plan, "step-back", about, OPERATOR, alarm.reason, alarm.evidence))
        except table.Overtaken:
            # Another comparator, or an operator: the next turn reads what holds now.
            return
        self._plan = plan
        self._metrics.count("move.step_back")
        facts = {"move": alarm.move.number, "about": alarm.move.about(), "reason": alarm.reason}
        logger.error("move %(move)d (%(about)s) is taken back: %(reason)s", facts, extra=facts)

    def _end(self, connection: Connection) -> None:
        self._store.write(connection, self._counts())
        self._store.leave(connection)

    def _counts(self) -> Counts:
        dropped = self._waiting.dropped + self._store.dropped + self._inbox.unreadable
        return Counts(self._inbox.told, self._store.compared, dropped, self._inbox.lost, self._workers.without_legacy)

    def _unfinished(self) -> int:
        """What was told and is neither compared nor written."""
        return len(self._waiting) + self._workers.under_way + len(self._store)

    def _silent_seconds(self) -> float:
        return self._clock.monotonic() - self._turned_at

    def _about(self) -> dict[str, Any]:
        return {
            "ready": not self._is_away,
            "version": self._plan.version,
            "waiting": self._unfinished(),
            **self._counts()._asdict(),
        }

    def _asking(self, work: Callable[[Connection], None]) -> None:
        self._turned_at = self._clock.monotonic()
        try:
            self._books.ask(work)
        except (Away, BadPlan) as error:
            if not self._is_away:
                logger.warning(
                    "comparisons can't be written: %(problem)s", facts := {"problem": str(error)}, extra=facts
                )
            self._is_away = True
        else:
            self._is_away = False
