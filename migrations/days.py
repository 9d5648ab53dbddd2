"""Keeps day partitions made ahead: a row whose day has none would be refused, and the persister would stop."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows, run
from common.locks import REPORT_LOCK, named_lock
from migrations.files import BadMigrations

DAYS_AHEAD = 14
LOCK_SECONDS = 600
#: An ALTER that waits behind a long read holds up every INSERT behind itself: give way after a second, come back.
WAIT_BRIEFLY = "SET SESSION lock_wait_timeout = 1"
TRIES = 60
PAUSE_SECONDS = 5.0
LOCK_WAIT_TIMEOUT = 1205

READ_PARTITIONS = (
    "SELECT PARTITION_NAME, PARTITION_DESCRIPTION FROM information_schema.PARTITIONS"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s AND PARTITION_NAME IS NOT NULL"
)
_BOUND = re.compile(r"'(\d{4}-\d\d-\d\d)'")


@dataclass(frozen=True)
class DayTable:
    """A table with a partition a day, and how far back from today its first day lies."""

    name: str
    days_back: int


#: By received day.
PLAY_LOG = DayTable("play_log", 14)
#: By played day: a log may be 61 days old, and two more are for clocks and for the time of the run.
CLIENT_LOG_ID = DayTable("client_log_id", 63)
DAY_TABLES = (PLAY_LOG, CLIENT_LOG_ID)


def days_to_add(bounds: Iterable[tuple[str, date]], today: date, days_back: int) -> list[date]:
    """The days that still need a partition, given the names and upper bounds of those that exist.

    A partition can only be added above the highest, so days are never filled in below it; nor is one left out.
    """
    existing = list(bounds)
    day = max((bound for _, bound in existing), default=date.min)
    if not any(re.fullmatch(r"p\d{8}", name) for name, _ in existing):
        day = max(day, today - timedelta(days=days_back))
    last = today + timedelta(days=DAYS_AHEAD)
    return [day + timedelta(days=index) for index in range((last - day).days + 1)]


def add_statement(table: str, days: Sequence[date]) -> str:
    """The ALTER TABLE that adds the days. Partition names can't be bound values: they are made of digits here."""
    parts = [f"PARTITION p{day:%Y%m%d} VALUES LESS THAN ('{day + timedelta(days=1)}')" for day in days]
    return f"ALTER TABLE {table} ADD PARTITION ({', '.join(parts)})"


def add_days(
    connection: Connection,
    today: date,
    tell: Callable[[str], None],
    sleep: Callable[[float], None],
    tries: int = TRIES,
) -> dict[str, int]:
    """Makes the days of each table; returns how many were added. Raises BadMigrations, LockTaken, MySQLdb.Error."""
    added: dict[str, int] = {}
    with named_lock(connection, REPORT_LOCK, LOCK_SECONDS):
        run(connection, WAIT_BRIEFLY)
        for table in DAY_TABLES:
            days = days_to_add(read_bounds(connection, table.name), today, table.days_back)
            added[table.name] = len(days)
            if days:
                alter(connection, table.name, add_statement(table.name, days), sleep, tries)
                tell(f"{table.name}: added {len(days)} days, {days[0]} to {days[-1]}")
    return added


def read_bounds(connection: Connection, table: str) -> list[tuple[str, date]]:
    """The names and upper bounds of a table's partitions."""
    found: list[tuple[str, date]] = []
    for name, description in rows(connection, READ_PARTITIONS, (table,)):
        match = _BOUND.fullmatch(str(description))
        if match is None:
            raise BadMigrations(f"{table}: partition {name} ends at {description}, not at a day: no day can be added.")
        found.append((str(name), date.fromisoformat(match[1])))
    if not found:
        raise BadMigrations(f"{table} has no partitions: run `playlog migrate datacentre` with the right database.")
    connection.rollback()
    return found


def alter(connection: Connection, table: str, statement: str, sleep: Callable[[float], None], tries: int) -> None:
    """Changes a table's partitions as soon as nobody reads it. Raises BadMigrations when that never comes."""
    for tries_left in reversed(range(tries)):
        try:
            run(connection, statement)
            return
        except MySQLdb.OperationalError as error:
            if error.args[0] != LOCK_WAIT_TIMEOUT:
                raise
            connection.rollback()
            if tries_left == 0:
                seconds = int(tries * (PAUSE_SECONDS + 1))
                raise BadMigrations(
                    f"{table} was in use for {seconds} s: end the long transaction that reads it, then run this again."
                ) from error
        sleep(PAUSE_SECONDS)
