"""What the operator's page shows beside the facts: today's logs, the catalogue's changes that wait, how jobs ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows
from common.database_errors import NOT_ALLOWED
from reports.balance import Account, Tally

#: Request rows that are summed each minute at most: some seconds of one core of the database.
MOST_RECORDS = 2_000_000
#: Groups of dead letters that are listed, the largest first.
MOST_LETTERS = 200

#: Records since each partition's last cut: exact, without reading a row of them.
RECORDS_SINCE_CUT = """
SELECT COALESCE(SUM(o.next_offset - COALESCE((
  SELECT MAX(c.cut_offset) FROM day_cut c WHERE c.topic_id = o.topic_id AND c.partition_no = o.partition_no), 0)), 0)
FROM consumer_offset o WHERE o.topic = %s"""
TODAY = """
SELECT client, stream, is_test, HOUR(booked_at), COUNT(*), SUM(n_items), SUM(n_stored), SUM(n_duplicate), SUM(n_dead)
FROM request WHERE received_day = %s AND client IS NOT NULL
GROUP BY client, stream, is_test, HOUR(booked_at)"""
LETTERS = """
SELECT client, reason, COUNT(*), MIN(id), MIN(received_day) FROM dead_letter WHERE state = 'open'
GROUP BY client, reason ORDER BY COUNT(*) DESC, MIN(id) LIMIT {most}"""
OUTBOX = """
SELECT COUNT(DISTINCT release_id), TIMESTAMPDIFF(SECOND, MIN(changed_at), UTC_TIMESTAMP(6)),
  COUNT(DISTINCT CASE WHEN attempts > 0 THEN release_id END) FROM catalogue_outbox"""


@dataclass(frozen=True)
class Today:
    """The open day's logs that are in the books, by account and by hour of booking (UTC)."""

    day: date
    accounts: Mapping[Account, Tally]
    hours: Sequence[int]


@dataclass(frozen=True)
class Letters:
    """Open dead letters of one client and reason; without a client, records that couldn't be read."""

    client: str | None
    reason: str
    count: int
    first_id: int
    first_day: date


@dataclass(frozen=True)
class Outbox:
    """Releases whose changes aren't published yet, the age of the oldest, and how many can't be."""

    waiting: int
    oldest_seconds: int | None
    failing: int


@dataclass(frozen=True)
class JobEnd:
    """How the last run of a job of cron ended, by the note that playlog-job leaves."""

    word: str
    status: int
    ended_at: datetime


@dataclass(frozen=True)
class Beside:
    """All of it; None where it isn't known, `records` where they were too many to be summed."""

    records: int
    today: Today | None
    letters: Sequence[Letters]
    outbox: Outbox | None
    #: None where no folder of notes was named.
    jobs: Sequence[JobEnd] | None


def look_beside(connection: Connection, topic: str, now: datetime, notes: Sequence[Path]) -> Beside:
    """Asks the database, and reads the notes of jobs in these folders. Raises MySQLdb.Error."""
    ((found,),) = rows(connection, RECORDS_SINCE_CUT, (topic,))
    records = int(str(found))
    today = _today(connection, now.date()) if records <= MOST_RECORDS else None
    letters: list[Any] = rows(connection, LETTERS.format(most=MOST_LETTERS))
    jobs = job_ends(notes) if notes else None
    return Beside(records, today, [Letters(*row) for row in letters], _outbox(connection), jobs)


def job_ends(notes: Sequence[Path]) -> list[JobEnd]:
    """The jobs' notes (infra/files/playlog-job): status and second, separated by a blank.

    A job whose note can't be read is as one that has none: health() says so of both.
    """
    found: list[JobEnd] = []
    for folder in notes:
        for path in sorted(folder.glob("*.ended")):
            try:
                status, ended = (int(part) for part in path.read_text().split())
            except (OSError, ValueError):
                continue
            found.append(JobEnd(path.stem, status, datetime.fromtimestamp(ended, UTC)))
    return found


def _today(connection: Connection, day: date) -> Today:
    accounts: dict[Account, Tally] = {}
    hours = [0] * 24
    found: list[Any] = rows(connection, TODAY, (day,))
    for client, stream, is_test, hour, *counts in found:
        account, sums = (client, stream, bool(is_test)), Tally(*(int(count) for count in counts))
        accounts[account] = accounts.get(account, Tally()) + sums
        hours[hour] += sums.stored
    return Today(day, accounts, hours)


def _outbox(connection: Connection) -> Outbox | None:
    try:
        ((waiting, oldest, failing),) = rows(connection, OUTBOX)
    except MySQLdb.Error as error:
        if error.args and error.args[0] in NOT_ALLOWED:
            return None
        raise
    return Outbox(int(str(waiting)), None if oldest is None else int(str(oldest)), int(str(failing)))
