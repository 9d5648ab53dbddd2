"""Draws the moments of plays, and writes them as different clients do."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from commands.sampling.habits import HOURS, OFFSETS_MINUTES
from commands.sampling.weights import Weighted

HOUR_MICROSECONDS = 3_600_000_000
ZONES = [timezone(timedelta(minutes=minutes)) for minutes in OFFSETS_MINUTES]


def hours_ago(now: datetime, days_back: int) -> Weighted[int]:
    """The hours of the last days, counted backwards from `now`, weighted by how busy their time of day is."""
    middles = ((number, now - timedelta(hours=number + 0.5)) for number in range(days_back * 24))
    return Weighted((number, HOURS[middle.hour]) for number, middle in middles)


def milliseconds(moment: datetime, _: random.Random) -> str:
    """As JavaScript's toISOString: three digits, Z."""
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def ticks(moment: datetime, rng: random.Random) -> str:
    """As .NET: seven digits, Z."""
    return f"{moment.isoformat(timespec='microseconds')[:-6]}{rng.randrange(10)}Z"


def seconds(moment: datetime, _: random.Random) -> str:
    """Without a fraction."""
    return moment.isoformat(timespec="seconds")[:-6] + "Z"


def offset(moment: datetime, rng: random.Random) -> str:
    """In local time, with its offset from UTC."""
    return moment.astimezone(rng.choice(ZONES)).isoformat(timespec="milliseconds")


WRITERS: dict[str, Callable[[datetime, random.Random], str]] = {
    "milliseconds": milliseconds,
    "ticks": ticks,
    "seconds": seconds,
    "offset": offset,
}
