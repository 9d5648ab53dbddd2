"""Watches what is moved: says when a move's failures or differences pass their bounds, and by what evidence."""

import threading
from collections import defaultdict, deque
from typing import Any, NamedTuple

from common.clock import Clock
from moving.plan import Move, Plan

#: Failures are looked for in so much time; fewer than this many are none.
FAILURE_SECONDS, LEAST_FAILURES = 60.0, 5
#: Comparisons come more slowly.
DIFFERENCE_SECONDS, LEAST_DIFFERENCES = 600.0, 3
MOST_KEPT = 50_000


class Alarm(NamedTuple):
    """A move that has to go back."""

    move: Move
    reason: str
    evidence: dict[str, Any]


class _Window:
    """Moments of what happened lately."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moments: deque[float] = deque(maxlen=MOST_KEPT)

    def add(self, now: float) -> None:
        self._moments.append(now)

    def count(self, now: float) -> int:
        while self._moments and now - self._moments[0] > self._seconds:
            self._moments.popleft()
        return len(self._moments)


class _Seen:
    """Of one move."""

    def __init__(self) -> None:
        self.sampled, self.failed = _Window(FAILURE_SECONDS), _Window(FAILURE_SECONDS)
        self.compared, self.differed = _Window(DIFFERENCE_SECONDS), _Window(DIFFERENCE_SECONDS)


class Watch:
    """May be used from several threads.

    nginx tells of each failure, but of a share of the requests alone: how many there were is reckoned from that. With
    nothing sampled nobody knows how many there were, and the least number of failures is enough.
    """

    def __init__(self, failures_bound: float, differences_bound: float, clock: Clock) -> None:
        self._failures_bound, self._differences_bound, self._clock = failures_bound, differences_bound, clock
        self._lock = threading.Lock()
        self._seen: dict[int, _Seen] = defaultdict(_Seen)

    def served(self, move: Move, *, is_sampled: bool, has_failed: bool) -> None:
        """A moved request was answered."""
        now = self._clock.monotonic()
        with self._lock:
            seen = self._seen[move.number]
            if is_sampled:
                seen.sampled.add(now)
            if has_failed:
                seen.failed.add(now)

    def compared(self, move: Move, *, has_differed: bool) -> None:
        """A moved request was compared."""
        now = self._clock.monotonic()
        with self._lock:
            seen = self._seen[move.number]
            seen.compared.add(now)
            if has_differed:
                seen.differed.add(now)

    def alarms(self, plan: Plan) -> list[Alarm]:
        """The moves of a plan that have to go back; what is moved no more is forgotten."""
        now = self._clock.monotonic()
        with self._lock:
            for number in set(self._seen) - {move.number for move in plan.moves}:
                del self._seen[number]
            found = [self._alarm(move, plan.shadow, now) for move in plan.moves if move.number in self._seen]
        return [each for each in found if each is not None]

    def _alarm(self, move: Move, shadow: float, now: float) -> Alarm | None:
        seen = self._seen[move.number]
        failed, sampled = seen.failed.count(now), seen.sampled.count(now)
        requests = max(failed, round(sampled * 100 / shadow) if shadow else 0)
        if failed >= LEAST_FAILURES and failed > self._failures_bound * requests:
            reason = f"{failed} of about {requests} requests failed within {FAILURE_SECONDS:.0f} s"
            evidence = {"failed": failed, "requests": requests, "bound": self._failures_bound}
            return Alarm(move, reason, evidence)
        differed, compared = seen.differed.count(now), seen.compared.count(now)
        if differed >= LEAST_DIFFERENCES and differed > self._differences_bound * compared:
            reason = f"{differed} of {compared} comparisons differed within {DIFFERENCE_SECONDS / 60:.0f} minutes"
            evidence = {"differed": differed, "compared": compared, "bound": self._differences_bound}
            return Alarm(move, reason, evidence)
        return None
