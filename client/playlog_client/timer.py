"""Time as a parameter, and the pause before another try."""

import random
import threading
import time
from datetime import UTC, datetime
from typing import Protocol

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0


class Timer(Protocol):
    """Tells the time, and waits."""

    def now(self) -> datetime:
        """The time of day: an aware datetime in UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""

    def wait(self, seconds: float) -> None:
        """Waits so long, or less when the send is stopped meanwhile."""


class SystemTimer:
    """The machine's own clock; a wait ends early when `stopped` is set."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)


def pause_seconds(tries: int, after_seconds: float | None, rng: random.Random) -> float:
    """How long to wait after so many tries without a decision: longer each time, and never in step with others.

    It is never less than what the server asked for in Retry-After.
    """
    pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(tries - 1, 16)) * rng.uniform(0.5, 1.0)
    return max(pause, after_seconds + rng.uniform(0.0, 1.0 + after_seconds / 10)) if after_seconds else pause
