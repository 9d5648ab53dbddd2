"""Decides what has been kept long enough: by the days that are final, and by the persister's progress. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: A log may be played 61 days before it is received, so its id may come again until the books have passed this.
LOG_ID_DAYS = 62
#: A retry of a request is recognised for so long after its key was first used.
KEY_DAYS = 14
_DAY_NAME = re.compile(r"p\d{8}")


@dataclass(frozen=True)
class Keep:
    """How many days each kind of rows is kept; 0 is for ever."""

    play_log: int
    request: int
    dead_letter: int


@dataclass(frozen=True)
class Verdict:
    """The days that may go, and those that are old enough but wait for their report."""

    days: list[date]
    waiting: list[date]


def days_of(bounds: Iterable[tuple[str, date]]) -> list[date]:
    """The days that have a partition of their own, given its name and upper bound, in order."""
    return sorted(bound - timedelta(days=1) for name, bound in bounds if _DAY_NAME.fullmatch(name))


def old_days(days: Iterable[date], today: date, keep_days: int, handed_over: Collection[date]) -> Verdict:
    """Which days are older than `keep_days`, and are final and handed over.

    A day that isn't handed over stays however old it is; the days behind it go all the same.
    """
    if keep_days == 0:
        return Verdict([], [])
    old = sorted(day for day in days if day < today - timedelta(days=keep_days))
    return Verdict([day for day in old if day in handed_over], [day for day in old if day not in handed_over])


def old_played_days(days: Iterable[date], progress: date | None) -> list[date]:
    """The played days whose ids can't come again: every partition's books are past them, whatever the clock says."""
    if progress is None:
        return []
    return [day for day in days if day + timedelta(days=LOG_ID_DAYS) <= progress]


def keys_before(progress: date | None) -> date | None:
    """Keys that were first used before this day may go."""
    return None if progress is None else progress + timedelta(days=1 - KEY_DAYS)
