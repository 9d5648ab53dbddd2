"""The tables that remember who asked to be forgotten, and how far an erasure has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows, run
from common.erasure import new_token

KNOWN = "SELECT token FROM erased WHERE listener = %s"
REMEMBER = """
INSERT INTO erased (listener, client, token, operator, asked_at) VALUES (%s, %s, %s, %s, UTC_TIMESTAMP(6))"""
#: Waits for every writer that is in a transaction; those that come later see the new version.
NEW_VERSION = "UPDATE erasure_version SET version = version + 1 WHERE one = 1"
OPEN_DAY = """
INSERT INTO erasure_day (listener, day, state) VALUES (%s, %s, 'open') ON DUPLICATE KEY UPDATE state = 'open'"""
CLOSE_DAY = "UPDATE erasure_day SET state = 'done' WHERE listener = %s AND day = %s"
OPEN_DAYS = "SELECT day FROM erasure_day WHERE listener = %s AND state = 'open' ORDER BY day"
FINISH = "UPDATE erased SET done_at = UTC_TIMESTAMP(6) WHERE listener = %s"

LOCK_WAIT_TIMEOUT = 1205
TRIES = 24


@dataclass(frozen=True)
class Listener:
    """One listener: of whom, the id as the client sent it, and the hash under which the tables know it."""

    client: str
    user_id: str
    hash: bytes


def remember(
    connection: Connection, listener: Listener, operator: str, sleep: Callable[[float], None] = time.sleep
) -> str:
    """Enters the listener, and returns the token that replaces it; asked again, the same one.

    Once it returns, no writer stores a log of the listener under its name, and everything that was stored so is
    committed. Raises MySQLdb.Error.
    """
    for left in reversed(range(TRIES)):
        connection.rollback()
        try:
            found = rows(connection, KNOWN, (listener.hash,))
            token = str(found[0][0]) if found else new_token()
            if not found:
                run(connection, REMEMBER, (listener.hash, listener.client, token, operator))
            run(connection, NEW_VERSION)
            connection.commit()
        except MySQLdb.OperationalError as error:
            if error.args[0] != LOCK_WAIT_TIMEOUT or not left:
                raise
            sleep(1.0)
        else:
            return token
    raise AssertionError("the last try raises")


def open_day(connection: Connection, listener: Listener, day: date) -> None:
    """Notes, in the open transaction, that the day's files name the listener."""
    run(connection, OPEN_DAY, (listener.hash, day))


def open_days(connection: Connection, listener: Listener) -> list[date]:
    """The days whose files aren't known to be done."""
    found = [day for (day,) in rows(connection, OPEN_DAYS, (listener.hash,)) if isinstance(day, date)]
    connection.rollback()
    return found


def close_day(connection: Connection, listener: Listener, day: date) -> None:
    """The day's files name the listener no more."""
    run(connection, CLOSE_DAY, (listener.hash, day))
    connection.commit()


def finish(connection: Connection, listener: Listener) -> None:
    """Rows, dead letters and files are done."""
    run(connection, FINISH, (listener.hash,))
    connection.commit()
