"""Follows the map beside one nginx: asks for the newest version, has nginx serve it, and says which one it serves."""

import logging
import threading
from contextlib import suppress
from typing import Protocol

from common.clock import Clock
from common.metrics import Metrics
from moving.books import Away
from moving.nginx import MOST_PROBLEM, Refused
from moving.plan import BadPlan, Plan
from moving.render import render

logger = logging.getLogger(__name__)

#: Between two looks at the database: going back has to take less than a second, nginx with it.
PERIOD_SECONDS = 0.1
#: Between two reports of an nginx where nothing changes.
REPORT_SECONDS = 2.0
#: Between two tries of a version that nginx has refused.
AGAIN_SECONDS = 30.0


class Handle(Protocol):
    """What is asked of moving.nginx.NginxHandle."""

    def served(self) -> int | None: ...
    def put(self, version: int, text: str) -> None: ...


class Books(Protocol):
    """What is asked of moving.books.RegionBooks; each raises Away."""

    def newest_number(self) -> int: ...
    def newest(self) -> Plan: ...
    def report(self, name: str, version: int, problem: str | None) -> None: ...
    def leave(self, name: str) -> None: ...


class Follower:
    """One turn at a time. With the database away the last map stays; a map that nginx refuses is reported as such."""

    def __init__(self, name: str, books: Books, nginx: Handle, clock: Clock, metrics: Metrics) -> None:
        self._name, self._books, self._nginx, self._clock, self._metrics = name, books, nginx, clock, metrics
        self._served: int | None = None
        self._problem: str | None = None
        self._refused: tuple[int, float] | None = None
        self._reported: tuple[int | None, str | None, float] | None = None
        self._turned_at = clock.monotonic()
        self._is_away = False

    @property
    def version(self) -> int | None:
        """What nginx serves; None when it doesn't say."""
        return self._served

    @property
    def problem(self) -> str | None:
        """What keeps nginx from the newest version."""
        return self._problem

    @property
    def is_away(self) -> bool:
        """Whether the database couldn't be asked in the last turn."""
        return self._is_away

    def silent_seconds(self) -> float:
        """Since the last turn ended."""
        return self._clock.monotonic() - self._turned_at

    def run(self, stop: threading.Event) -> None:
        """Turns until it is told to stop; then the database is told that this nginx follows no more."""
        while not stop.wait(PERIOD_SECONDS):
            self.turn()
        with suppress(Away):
            self._books.leave(self._name)

    def turn(self) -> None:
        """Looks once; raises nothing that the database or nginx can do about it."""
        try:
            self._follow(self._books.newest_number())
        except Away as away:
            if not self._is_away:
                logger.warning("%(problem)s: the last map stays", facts := {"problem": str(away)}, extra=facts)
            self._is_away = True
        else:
            self._is_away = False
        self._turned_at = self._clock.monotonic()

    def _follow(self, wanted: int) -> None:
        served = self._nginx.served()
        if served is None:
            self._problem = "nginx doesn't answer on its private listener"
        elif wanted != served:
            self._take(wanted)
            served = self._nginx.served()
        else:
            self._problem = self._refused = None
        self._served = served
        self._report()

    def _take(self, wanted: int) -> None:
        now = self._clock.monotonic()
        if self._refused and self._refused[0] == wanted and now - self._refused[1] < AGAIN_SECONDS:
            return
        try:
            plan = self._books.newest()
            self._nginx.put(plan.version, render(plan))
        except (BadPlan, Refused) as error:
            self._refused, self._problem = (wanted, now), str(error)[:MOST_PROBLEM]
            facts = {"version": wanted, "problem": str(error)}
            logger.error("version %(version)d of the map isn't taken: %(problem)s", facts, extra=facts)
            return
        self._refused = self._problem = None
        logger.info("nginx serves version %(version)d", facts := {"version": plan.version}, extra=facts)

    def _report(self) -> None:
        now = self._clock.monotonic()
        if self._reported is not None:
            version, problem, at = self._reported
            if (version, problem) == (self._served, self._problem) and now - at < REPORT_SECONDS:
                return
        self._metrics.gauge("move.refused", 0 if self._problem is None else 1)
        if self._served is not None:
            self._metrics.gauge("move.version", self._served)
            self._books.report(self._name, self._served, self._problem)
        self._reported = (self._served, self._problem, now)
