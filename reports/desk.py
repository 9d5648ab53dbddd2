"""The connection that isn't the snapshot's: holds the report lock, and knows which days were handed over."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from MySQLdb.connections import Connection

from common.database import DatabaseUrl, connect, rows, run
from common.locks import REPORT_LOCK, named_lock
from reports import queries
from reports.editions import Edition, HandedOver

#: A dead session keeps the lock for so long; the work shows that it is alive more often.
IDLE_SECONDS = 120
#: How long a second run waits for the first.
LOCK_WAIT_SECONDS = 600


class Desk:
    """One run at a time has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def handed_over(self, day: date) -> list[HandedOver]:
        """What was handed over for the day: every edition, the newest last."""
        found: list[Any] = rows(self._connection, queries.HANDED_OVER, (day,))
        self._connection.rollback()
        return [HandedOver(*row) for row in found]

    def record(self, day: date, edition: Edition, state: str, manifest_sha256: bytes, about: tuple[int, str]) -> None:
        """Remembers that an edition is handed over; `about` is its number of rows and its hook's state."""
        reported, hook_state = about
        values = (day, edition.revision, state, manifest_sha256, reported, edition.reason, edition.operator, hook_state)
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
