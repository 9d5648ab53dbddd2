"""Waits for what a region does by itself, and says how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from common.clock import Clock
from rollout.region import Deployment, Ended, Region, RegionError, Service

T = TypeVar("T")

#: Between two questions: a short while at first, since much is done in a moment, and longer later.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
#: The service is told of a change, and shows it to those who ask, a moment later.
SHOWN_SECONDS = 60.0
MIGRATION_SECONDS = 3600.0
INSIST_SECONDS = 120.0


@dataclass
class Waiting:
    """Asks again and again. A question that fails is asked again: only time ends the waiting."""

    region: Region
    clock: Clock
    sleep: Callable[[float], None]
    tell: Callable[[str], None]
    stable_seconds: float

    def until_stable(self, revision: str) -> str | None:
        """Returns when all tasks are of this revision, or what went wrong, with why its tasks stopped."""
        began, told, was_primary = self.clock.monotonic(), "", False
        while True:
            seconds = self.clock.monotonic() - began
            service = self._asked(self.region.service)
            primary = service.primary if service else None
            if service and primary and primary.definition == revision:
                was_primary = True
                if primary.state == "FAILED":
                    return self._with_reasons(revision, primary.reason or "the roll-out failed")
                if _is_stable(service, primary):
                    return None
                told = self._told(seconds, service, primary, told)
            elif service and (was_primary or seconds > SHOWN_SECONDS):
                return self._with_reasons(revision, "ECS went back to the former version by itself")
            if seconds > self.stable_seconds:
                return self._with_reasons(revision, f"not stable within {self.stable_seconds:.0f} s")
            self.sleep(_pause(seconds))

    def until_ended(self, task: str) -> Ended | None:
        """How a task ended that was started once; None when it hasn't within an hour."""
        began = self.clock.monotonic()
        while (seconds := self.clock.monotonic() - began) < MIGRATION_SECONDS:
            if ended := self._asked(lambda: self.region.ended(task)):
                return ended
            self.sleep(_pause(seconds))
        return None

    def insisted(self, call: Callable[[], None]) -> None:
        """Makes a call that must be made: again and again for two minutes. Raises RegionError then."""
        began = self.clock.monotonic()
        while True:
            seconds = self.clock.monotonic() - began
            try:
                return call()
            except RegionError as error:
                if seconds > INSIST_SECONDS:
                    raise
                self.tell(f"failed, and is tried again: {error}")
            self.sleep(_pause(seconds))

    def _asked(self, ask: Callable[[], T]) -> T | None:
        try:
            return ask()
        except RegionError as error:
            self.tell(f"asking failed, and is tried again: {error}")
            return None

    def _told(self, seconds: float, service: Service, primary: Deployment, told: str) -> str:
        line = f"{primary.running} of {service.desired} tasks of the new version run"
        if primary.failed:
            line += f", {primary.failed} failed"
        if line != told:
            self.tell(f"{seconds:4.0f} s: {line}")
        return line

    def _with_reasons(self, revision: str, problem: str) -> str:
        reasons = self._asked(lambda: self.region.why_stopped(revision)) or []
        return "\n  ".join([problem, *dict.fromkeys(reasons)])


def _pause(seconds: float) -> float:
    """How long to wait for the next question, so many seconds after the first."""
    return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, seconds / 10))


def _is_stable(service: Service, primary: Deployment) -> bool:
    is_whole = primary.running >= service.desired and service.running == primary.running
    return primary.state == "COMPLETED" and not service.is_changing and is_whole
