"""What status asks the database and Kafka: small tables and indexed sums, never a log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows
from reports.books import ONE_DAY
from reports.brokers import Topics, ask
from reports.proof import KafkaView
from reports.queries import FIRST_DAY

PERSISTERS = """
SELECT name, started_at, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)) / 1000000, rows_per_second,
  records_per_second, commit_median_seconds, commit_worst_seconds, lag_records, lag_seconds, backlog_end_seconds,
  partitions_json
FROM persister ORDER BY name"""
POSITIONS = """
SELECT topic_id, partition_no, next_offset, open_day FROM consumer_offset WHERE topic = %s ORDER BY partition_no"""
EDITIONS = "SELECT day, revision, state, hook_state, hook_tries FROM report WHERE day >= %s ORDER BY day, revision"
FINAL_DAYS = "SELECT day FROM report GROUP BY day"
CUTS = """
SELECT day, COUNT(*) FROM day_cut WHERE day >= %s AND topic_id IN (SELECT topic_id FROM consumer_offset) GROUP BY day"""
DEAD_LETTERS = """
SELECT client, COUNT(*), MIN(id) FROM dead_letter WHERE state = 'open' GROUP BY client ORDER BY COUNT(*) DESC"""
GAPS = "SELECT topic_id, partition_no, from_offset, to_offset, reason, declared_at FROM gap ORDER BY declared_at"
LAST_DAY = """
SELECT MAX(PARTITION_DESCRIPTION) FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'play_log'"""

#: So many days back are listed one by one.
LISTED_DAYS = 7


@dataclass(frozen=True)
class Persister:
    """What a persister last said of itself; times in seconds, None where it had nothing to measure."""

    name: str
    started_at: datetime
    seen_seconds_ago: float
    rows_per_second: float
    records_per_second: float
    commit_median_seconds: float | None
    commit_worst_seconds: float | None
    lag_records: int
    lag_seconds: float
    backlog_end_seconds: float | None
    partitions_json: str


@dataclass(frozen=True)
class Partition:
    """How far the ledger is, and what Kafka has beyond; None while Kafka doesn't say."""

    topic_id: str
    number: int
    next_offset: int
    open_day: date | None
    lag: int | None


@dataclass(frozen=True)
class Day:
    """A day's newest edition, if it has one, and how many partitions have cut it."""

    day: date
    revision: int | None
    state: str
    hook_state: str
    hook_tries: int
    cuts: int


@dataclass(frozen=True)
class Facts:
    """All of it, as of one moment."""

    persisters: Sequence[Persister]
    partitions: Sequence[Partition]
    #: The latest days, and every earlier one that isn't final.
    days: Sequence[Day]
    dead_letters: Sequence[tuple[str | None, int, int]]
    gaps: Sequence[tuple[Any, ...]]
    days_ahead: int | None
    kafka: KafkaView | str


def gather(connection: Connection, topics: Topics, topic: str, now: datetime) -> Facts:
    """Asks the database, then Kafka, so that no end lies before a position. Raises MySQLdb.Error."""
    persisters: list[Any] = rows(connection, PERSISTERS)
    positions: list[Any] = rows(connection, POSITIONS, (topic,))
    days = _days(connection, now.date())
    letters: list[Any] = rows(connection, DEAD_LETTERS)
    gaps: list[Any] = rows(connection, GAPS)
    ((last,),) = rows(connection, LAST_DAY)
    connection.rollback()
    kafka = ask(topics, topic)
    return Facts(
        persisters=[Persister(row[0], row[1], float(row[2]), *row[3:]) for row in persisters],
        partitions=[
            Partition(topic_id, number, position, open_day, _lag(kafka, topic_id, number, position))
            for topic_id, number, position, open_day in positions
        ],
        days=days,
        dead_letters=letters,
        gaps=gaps,
        days_ahead=_days_ahead(last, now.date()),
        kafka=kafka,
    )


def _days(connection: Connection, today: date) -> list[Day]:
    ((first,),) = rows(connection, FIRST_DAY)
    if not isinstance(first, date):
        return []
    final = {day for (day,) in rows(connection, FINAL_DAYS)}
    every = [first + number * ONE_DAY for number in range((today - first).days + 1)]
    listed = [day for day in every if day not in final or day > today - timedelta(days=LISTED_DAYS)]
    begin = listed[0] if listed else today
    editions: list[Any] = rows(connection, EDITIONS, (begin,))
    counted: list[Any] = rows(connection, CUTS, (begin,))
    cuts: dict[date, int] = dict(counted)
    newest = {row[0]: row[1:] for row in editions}
    return [_day(day, today, newest.get(day), cuts.get(day, 0)) for day in listed]


def _day(day: date, today: date, edition: tuple[Any, ...] | None, cuts: int) -> Day:
    if edition is None:
        return Day(day, None, "open" if day >= today else "not final", "none", 0, cuts)
    revision, state, hook_state, hook_tries = edition
    return Day(day, revision, state, hook_state, hook_tries, cuts)


def _lag(kafka: KafkaView | str, topic_id: str, number: int, next_offset: int) -> int | None:
    if not isinstance(kafka, KafkaView) or kafka.topic_id != topic_id or number not in kafka.ends:
        return None
    return max(0, kafka.ends[number] - next_offset)


def _days_ahead(bound: object, today: date) -> int | None:
    """A partition's bound is the day after its own, quoted; NULL where we may not see it."""
    try:
        return (date.fromisoformat(str(bound).strip("'")) - ONE_DAY - today).days
    except ValueError:
        return None
