"""Named locks in the database server: they end with the session that holds them, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows

#: Held while days are added or dropped, and while a report reads them.
REPORT_LOCK = "playlog:report"

# Each wait stays below the time after which the connection would give up on a silent server.
_STEP_SECONDS = 10


class LockTaken(Exception):
    """Another run holds the lock. The message names it."""


@contextmanager
def named_lock(connection: Connection, name: str, wait_seconds: int) -> Iterator[None]:
    """Holds a lock of the server; raises LockTaken when another session still has it after `wait_seconds`."""
    left = wait_seconds
    while rows(connection, "SELECT GET_LOCK(%s, %s)", (name, min(left, _STEP_SECONDS)))[0][0] != 1:
        left -= _STEP_SECONDS
        if left <= 0:
            raise LockTaken(f"another run holds the lock {name}: wait for it to end, then try again.")
    try:
        yield
    finally:
        # A lost connection has released it already, and must not hide the error that it caused.
        if connection.open:
            _release(connection, name)


def _release(connection: Connection, name: str) -> None:
    try:
        rows(connection, "SELECT RELEASE_LOCK(%s)", (name,))
    except MySQLdb.Error:
        return
