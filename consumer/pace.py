"""How fast to write: back-off after a failure, a cap in rows a second, and less when commits get slow."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_HOURS = re.compile(r"(\d{2})-(\d{2})=(\d{1,9})", re.ASCII)
_BASE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class RateByHour:
    """Rows a second: `base`, and other rates from an hour of the day (UTC) up to another. 0 is no limit."""

    base: int
    spans: tuple[tuple[int, int, int], ...] = ()

    def __str__(self) -> str:
        """As it is set."""
        return ",".join([str(self.base), *(f"{first:02}-{last:02}={rate}" for first, last, rate in self.spans)])

    def at(self, moment: datetime) -> int:
        """The rate at a moment in UTC; the first span that holds it decides."""
        for first, last, rate in self.spans:
            inside = first <= moment.hour < last if first < last else moment.hour >= first or moment.hour < last
            if inside:
                return rate
        return self.base


def rate_by_hour(value: str) -> RateByHour:
    """Reads RATE[,HH-HH=RATE…]. Raises ValueError with the rule."""
    base, *rest = value.split(",")
    spans = [_HOURS.fullmatch(each) for each in rest]
    if not _BASE.fullmatch(base) or any(each is None or int(each[1]) > 23 or int(each[2]) > 24 for each in spans):
        raise ValueError("must be RATE or RATE,HH-HH=RATE, for example 5000,02-06=20000")
    return RateByHour(int(base), tuple((int(each[1]), int(each[2]), int(each[3])) for each in spans if each))


class Backoff:
    """Seconds to wait before the next try: doubling from `first` to `most`, with jitter, so that writers spread."""

    def __init__(self, first: float = 0.2, most: float = 15.0, chance: Callable[[], float] = random.random) -> None:
        self._first, self._most, self._chance = first, most, chance
        self._tries = 0

    def next(self) -> float:
        """The next wait: between half and all of the step."""
        step: float = min(self._most, self._first * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return step * (0.5 + self._chance() / 2)


class Pace:
    """Says how long to wait before a batch may be written.

    Under the cap the allowed rate grows by a step with each quick commit and is halved by a slow one (additive
    increase, multiplicative decrease), so that the database's own users keep their share. One for each writer.
    """

    def __init__(self, cap: RateByHour, share: int, *, slow_seconds: float = 2.0, floor_rate: int = 200) -> None:
        self._cap, self._share = cap, share
        self._slow_seconds, self._floor_rate = slow_seconds, floor_rate
        self._allowed: float | None = None
        self._free_at = 0.0

    def delay(self, rows: int, now: datetime, monotonic: float) -> float:
        """Seconds to wait before `rows` may be written; books them."""
        rate = self._rate(now)
        start = max(self._free_at, monotonic)
        self._free_at = start + (rows / rate if rate else 0.0)
        return start - monotonic

    def committed(self, rows: int, seconds: float) -> None:
        """Learns from a commit that took `seconds` for `rows`."""
        if seconds > self._slow_seconds:
            measured = rows / seconds
            self._allowed = max(self._floor_rate, min(self._allowed or measured, measured) / 2)
        elif self._allowed is not None:
            self._allowed += max(self._floor_rate, self._allowed * 0.1)
            if self._allowed > 1_000_000:
                self._allowed = None

    def _rate(self, now: datetime) -> float:
        cap: float = self._cap.at(now) / self._share
        if self._allowed is None:
            return cap
        return min(cap, self._allowed) if cap else self._allowed
