"""A listener's rows of play_log: read for an export, or renamed for an erasure, a day at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows, run
from listeners.registry import Listener, open_day

EDGES = "SELECT MIN(received_day), MAX(received_day) FROM play_log"
#: No index knows listeners: a day's partition is read through, without a lock.
PLACES = "SELECT request_id, item FROM play_log WHERE received_day = %s AND client = %s AND user_id = %s"
RENAME = """
UPDATE play_log SET user_id = %s, user_agent = %s WHERE received_day = %s AND (request_id, item) IN ({places})"""
PLACES_A_STATEMENT = 500


@dataclass(frozen=True)
class Renamed:
    """How many rows of a day were changed."""

    day: date
    rows: int


def days_of(connection: Connection) -> list[date]:
    """Every day from the first that has a row to the last."""
    ((first, last),) = rows(connection, EDGES)
    connection.rollback()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def rename(connection: Connection, listener: Listener, token: str) -> Iterator[Renamed]:
    """Replaces the listener's id and user agent by the token; each day in one transaction.

    Killed between two days, what is left is found by the next run. Raises MySQLdb.Error.
    """
    name = listener.user_id.encode()
    for day in days_of(connection):
        places: list[Any] = rows(connection, PLACES, (day, listener.client, name))
        connection.rollback()
        if places:
            # With the rows: were they changed alone, nobody would know that the day's files still have the name.
            open_day(connection, listener, day)
            for start in range(0, len(places), PLACES_A_STATEMENT):
                chunk = places[start : start + PLACES_A_STATEMENT]
                marks = ", ".join(["(%s, %s)"] * len(chunk))
                values = (part for place in chunk for part in place)
                run(connection, RENAME.format(places=marks), (token.encode(), token, day, *values))
            connection.commit()
        yield Renamed(day, len(places))
