"""The connection that isn't the snapshot's: holds the report lock, and knows which days were handed over."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from MySQLdb.connections import Connection

from common.database import DatabaseUrl, connect, rows, run
from common.locks import REPORT_LOCK, named_lock
from reports import queries
from reports.context import DayTotals, TrackName, read_totals
from reports.editions import Edition, HandedOver

#: A dead session keeps the lock for so long; the work shows that it is alive more often.
IDLE_SECONDS = 120
#: How long a second run waits for the first.
LOCK_WAIT_SECONDS = 600


@dataclass(frozen=True)
class About:
    """What is kept of an edition beside its name: its number of rows, its hook's state, its page's context."""

    rows: int
    hook_state: str
    context: str | None


class Desk:
    """One run at a time has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def handed_over(self, day: date) -> list[HandedOver]:
        """What was handed over for the day: every edition, the newest last."""
        found: list[Any] = rows(self._connection, queries.HANDED_OVER, (day,))
        self._connection.rollback()
        return [HandedOver(*row) for row in found]

    def record(self, day: date, edition: Edition, state: str, manifest_sha256: bytes, about: About) -> None:
        """Remembers that an edition is handed over."""
        about_it = about.rows, edition.reason, edition.operator, about.hook_state, about.context
        values = (day, edition.revision, state, manifest_sha256, *about_it)
        run(self._connection, queries.HAND_OVER, values)
        self._connection.commit()

    def first_day(self) -> date | None:
        """The first day that has a record; None while there is none."""
        ((first,),) = rows(self._connection, queries.FIRST_DAY)
        self._connection.rollback()
        return first if isinstance(first, date) else None

    def final_days(self) -> dict[date, int]:
        """The days that have a final report, each with its newest revision."""
        found: list[Any] = rows(self._connection, queries.FINAL_DAYS)
        self._connection.rollback()
        return dict(found)

    def hooks_waiting(self) -> list[tuple[date, int, int]]:
        """Day, revision and tries of each report whose hook hasn't succeeded yet."""
        found: list[Any] = rows(self._connection, queries.HOOKS_WAITING)
        self._connection.rollback()
        return [(day, revision, tries) for day, revision, tries in found]

    def hook_ran(self, day: date, revision: int, status: int) -> None:
        """Keeps what became of a try."""
        run(self._connection, queries.HOOK_RAN, ("done" if status == 0 else "waiting", status, day, revision))
        self._connection.commit()

    def totals_between(self, first: date, last: date) -> list[DayTotals]:
        """The final reports of these days, the newest edition of each, in order."""
        found: list[Any] = rows(self._connection, queries.TOTALS_BETWEEN, (first, last))
        self._connection.rollback()
        return list({row[0]: read_totals(*row) for row in found}.values())

    def track_names(self, ids: list[int]) -> dict[int, TrackName]:
        """Those of these tracks that the catalogue knows."""
        try:
            found: list[Any] = rows(self._connection, queries.TRACK_NAMES, (ids,))
        finally:
            self._connection.rollback()
        return {row[0]: _track_name(*row[1:]) for row in found}

    def stay_alive(self) -> None:
        """Keeps the session, and so the lock; raises MySQLdb.Error when it is lost."""
        rows(self._connection, "SELECT 1")
        self._connection.rollback()


@contextmanager
def open_desk(url: DatabaseUrl, password: str, wait_seconds: int = LOCK_WAIT_SECONDS) -> Iterator[Desk]:
    """The desk, with its lock; raises LockTaken when another run, or a change of the partitions, keeps it."""
    with (
        closing(connect(url, password, idle_seconds=IDLE_SECONDS)) as connection,
        named_lock(connection, REPORT_LOCK, wait_seconds),
    ):
        yield Desk(connection)


def _track_name(title: str, version: str, artist_id: int, artist: str, release: str) -> TrackName:
    whole = f"{title} ({version})" if version and version not in title else title
    return TrackName(whole, artist_id, artist or f"artist {artist_id}", release)
