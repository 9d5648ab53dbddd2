"""A clock whose hands a test turns."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class HandClock:
    """A fake of common.clock.Clock; it stands still until it is turned."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def turn(self, seconds: float) -> None:
        """Turns both hands on."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


class RunningClock(HandClock):
    """No two looks at its monotonic hand see the same."""

    def monotonic(self) -> float:
        self.turn(0.000_001)
        return super().monotonic()
