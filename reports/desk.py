"""The connection that isn't the snapshot's: holds the report lock, and knows which days were handed over."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date

from MySQLdb.connections import Connection

from common.database import DatabaseUrl, connect, rows, run
from common.locks import REPORT_LOCK, named_lock
from reports import queries

#: A dead session keeps the lock for so long; the work shows that it is alive more often.
IDLE_SECONDS = 120
#: How long a second run waits for the first.
LOCK_WAIT_SECONDS = 600


@dataclass(frozen=True)
class HandedOver:
    """The report table's last row of a day."""

    revision: int
    state: str
    manifest_sha256: bytes


class Desk:
    """One run at a time has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def handed_over(self, day: date) -> HandedOver | None:
        """What was handed over for the day, if anything was."""
        found = rows(self._connection, queries.HANDED_OVER, (day,))
        self._connection.rollback()
        if not found:
            return None
        revision, state, sha256 = found[0]
        assert isinstance(revision, int) and isinstance(state, str) and isinstance(sha256, bytes)
        return HandedOver(revision, state, sha256)

    def record(self, day: date, revision: int, state: str, manifest_sha256: bytes, rows_reported: int) -> None:
        """Remembers that the day was handed over."""
        run(self._connection, queries.HAND_OVER, (day, revision, state, manifest_sha256, rows_reported))
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
