"""Carries out the retention: drops days, and deletes rows in chunks, under the report lock."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows, run
from common.locks import REPORT_LOCK, named_lock
from migrations.days import CLIENT_LOG_ID, LOCK_SECONDS, PLAY_LOG, TRIES, WAIT_BRIEFLY, alter, read_bounds
from migrations.retention import Keep, days_of, keys_before, old_days, old_played_days

#: Rows deleted in one transaction: nobody waits long for it.
CHUNK_ROWS = 5_000
PROGRESS_EVERY_CHUNKS = 20

#: The last day that every partition has cut; NULL while one has cut none.
PROGRESS = """
SELECT MIN(last_day), SUM(last_day IS NULL) FROM (
  SELECT MAX(c.day) AS last_day FROM consumer_offset o
  LEFT JOIN day_cut c ON c.topic_id = o.topic_id AND c.partition_no = o.partition_no
  GROUP BY o.topic, o.partition_no
) each_partition
"""
HANDED_OVER = "SELECT day FROM report GROUP BY day HAVING SUM(hook_state = 'waiting') = 0"
#: Days before the first request are empty; request rows of days that aren't final are never removed.
FIRST_DAY = "SELECT MIN(received_day) FROM request"
DELETE_KEYS = "DELETE FROM idempotency_key WHERE booked_at < %s ORDER BY booked_at LIMIT %s"
DELETE_LETTERS = """
DELETE FROM dead_letter WHERE state <> 'open' AND made_at < %s AND closed_at < %s ORDER BY id LIMIT %s"""
REQUEST_DAYS = "SELECT DISTINCT received_day FROM request WHERE received_day < %s"
#: The newest row of a partition stays: the persister compares it with Kafka at every assignment.
DELETE_REQUESTS = """
DELETE FROM request WHERE received_day = %s AND (topic_id, partition_no, kafka_offset) NOT IN (
  SELECT topic_id, partition_no, next_offset - 1 FROM consumer_offset WHERE next_offset > 0
) LIMIT %s"""

Tell = Callable[[str], None]


def remove_old(
    connection: Connection, today: date, keep: Keep, tell: Tell, sleep: Callable[[float], None], tries: int = TRIES
) -> int:
    """Removes what has been kept long enough; returns how many days were dropped.

    Killed at any moment it has removed less, and the next run goes on. Raises BadMigrations, LockTaken, MySQLdb.Error.
    """
    with named_lock(connection, REPORT_LOCK, LOCK_SECONDS):
        run(connection, WAIT_BRIEFLY)
        handed_over = {day for (day,) in rows(connection, HANDED_OVER) if isinstance(day, date)}
        progress = _progress(connection)
        ((first,),) = rows(connection, FIRST_DAY)
        days = days_of(read_bounds(connection, PLAY_LOG.name))
        done = handed_over | {day for day in days if isinstance(first, date) and day < first}
        plays = old_days(days, today, keep.play_log, done)
        if plays.waiting and isinstance(first, date):
            about = f"{len(plays.waiting)} days are old enough to go, from {plays.waiting[0]} on, but their reports"
            tell(f"play_log: {about} aren't final and handed over: they stay; see `playlog report --until-final`")
        ids = old_played_days(days_of(read_bounds(connection, CLIENT_LOG_ID.name)), progress)
        for table, old in ((PLAY_LOG.name, plays.days), (CLIENT_LOG_ID.name, ids)):
            if old:
                names = ", ".join(f"p{day:%Y%m%d}" for day in old)
                alter(connection, table, f"ALTER TABLE {table} DROP PARTITION {names}", sleep, tries)
                tell(f"{table}: dropped {len(old)} days, {old[0]} to {old[-1]}")
        _delete_rows(connection, today, keep, handed_over, progress, tell)
    return len(plays.days) + len(ids)


def _delete_rows(
    connection: Connection, today: date, keep: Keep, handed_over: set[date], progress: date | None, tell: Tell
) -> None:
    before = keys_before(progress)
    if before is not None:
        _in_chunks(connection, "idempotency_key", DELETE_KEYS, (before,), tell)
    if keep.dead_letter:
        cutoff = today - timedelta(days=keep.dead_letter)
        _in_chunks(connection, "dead_letter", DELETE_LETTERS, (cutoff, cutoff), tell)
    if keep.request:
        cutoff = today - timedelta(days=keep.request)
        found: list[Any] = rows(connection, REQUEST_DAYS, (cutoff,))
        connection.rollback()
        for (day,) in found:
            if day in handed_over:
                _in_chunks(connection, f"request of {day}", DELETE_REQUESTS, (day,), tell)


def _in_chunks(connection: Connection, name: str, sql: str, values: tuple[object, ...], tell: Tell) -> None:
    total = chunks = 0
    while True:
        deleted = run(connection, sql, (*values, CHUNK_ROWS))
        connection.commit()
        total, chunks = total + deleted, chunks + 1
        is_done = deleted < CHUNK_ROWS
        if total and (is_done or chunks % PROGRESS_EVERY_CHUNKS == 0):
            tell(f"{name}: {total} rows deleted{'' if is_done else ' so far'}")
        if is_done:
            return


def _progress(connection: Connection) -> date | None:
    ((last, behind),) = rows(connection, PROGRESS)
    connection.rollback()
    return last if isinstance(last, date) and not behind else None
