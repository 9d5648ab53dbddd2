"""Follows one request through the data centre: its record, its row in the ledger, its logs, its day's report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from MySQLdb.connections import Connection

from common.database import rows
from common.receipts import Receipt, topic_id_prefix

COLUMNS = """topic_id, partition_no, kafka_offset, COALESCE(request_id, duplicate_of), client, stream, is_test,
  booked_at, received_day, outcome, duplicate_of, n_items, n_stored, n_duplicate, n_dead"""
BY_ID = "SELECT {columns} FROM request WHERE request_id = %s"
BY_PLACE = "SELECT {columns} FROM request WHERE topic_id = %s AND partition_no = %s AND kafka_offset = %s"
# A day at a time, and by the index: a statement reads a day's requests of a client (100,000 in 0.2 s), and not, as the
# optimizer would when a day is a tenth of the table, all that are kept; so none outlasts the time for an answer.
BY_KEY = """
SELECT {columns} FROM request FORCE INDEX (received_day)
WHERE received_day = %s AND client = %s AND idempotency_key = %s
ORDER BY booked_at, partition_no, kafka_offset LIMIT 1"""
TOPIC_IDS = "SELECT DISTINCT topic_id FROM consumer_offset UNION SELECT DISTINCT topic_id FROM day_cut"
BEGUN = "SELECT 1 FROM consumer_offset WHERE topic = %s LIMIT 1"
POSITION = "SELECT next_offset FROM consumer_offset WHERE topic_id = %s AND partition_no = %s"
GAPS = """
SELECT from_offset, to_offset, reason, operator FROM gap WHERE topic_id = %s AND partition_no = %s
  AND from_offset <= %s AND (to_offset IS NULL OR to_offset > %s)"""
LETTERS = """
SELECT id, item, reason, state FROM dead_letter WHERE topic_id = %s AND partition_no = %s AND kafka_offset = %s
ORDER BY item"""
REPLAYS = (
    "SELECT dead_letter_id, item, replayed_day, n_stored FROM replay WHERE request_id = %s ORDER BY dead_letter_id"
)
STORED = "SELECT COUNT(*) FROM play_log WHERE received_day = %s AND request_id = %s"
EDITIONS = "SELECT revision, state FROM report WHERE day = %s ORDER BY revision DESC LIMIT 1"
RATE = """
SELECT COALESCE(SUM(records_per_second), 0) FROM persister WHERE seen_at > UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE"""


@dataclass(frozen=True)
class Row:
    """A record's row in the ledger."""

    topic_id: str
    partition: int
    offset: int
    request_id: bytes | None
    client: str | None
    stream: str | None
    is_test: bool
    booked_at: datetime
    received_day: date
    outcome: str
    duplicate_of: bytes | None
    n_items: int
    n_stored: int
    n_duplicate: int
    n_dead: int


@dataclass(frozen=True)
class Letter:
    """A dead letter of the request; `item` is None for a record that couldn't be read."""

    id: int
    item: int | None
    reason: str
    state: str


@dataclass(frozen=True)
class Replay:
    """A dead letter of the request that was stored after all."""

    letter: int
    item: int | None
    day: date
    stored: int


@dataclass(frozen=True)
class Found:
    """The request is in the ledger. `first` is the row of the request that it repeats."""

    row: Row
    rows_stored: int
    letters: Sequence[Letter]
    replays: Sequence[Replay]
    edition: tuple[int, str] | None
    first: Row | None


@dataclass(frozen=True)
class NotYet:
    """The record is in Kafka, with so many offsets before it. The rate is the persisters', in records a second."""

    before: int
    records_per_second: float


@dataclass(frozen=True)
class Lost:
    """An operator declared the record lost."""

    reason: str
    operator: str


@dataclass(frozen=True)
class Missing:
    """It is nowhere: `why` says what that can mean."""

    why: str


Trace = Found | NotYet | Lost | Missing


class Tracer:
    """Asks the database; every method raises MySQLdb.Error."""

    def __init__(self, connection: Connection, topic: str) -> None:
        self._connection, self._topic = connection, topic

    def by_id(self, request_id: UUID) -> Trace:
        """The request that was stored, or booked, under this id."""
        row = self._row(BY_ID, (request_id.bytes,))
        if row is None:
            return Missing("no record with this id was read yet, or its row was removed by retention")
        return self._found(row)

    def by_key(self, client: str, key: bytes, since: date, until: date) -> Trace:
        """The first request of a client under this Idempotency-Key that is booked on one of these days."""
        for number in range((until - since).days + 1):
            row = self._row(BY_KEY, (since + timedelta(days=number), client, key))
            self._connection.rollback()
            if row is not None:
                return self._found(row)
        return Missing(
            f"no record under this key was booked from {since} to {until}. `playlog status` says whether all are read;"
            " retention removes old ones; --since looks further back"
        )

    def by_receipt(self, receipt: Receipt) -> Trace:
        """What became of the very record that the receipt stands for, which may repeat another one."""
        if receipt.topic_id_prefix is None:
            return self.by_id(receipt.request_id)
        topic_id = self._topic_id(receipt.topic_id_prefix)
        if topic_id is None:
            if rows(self._connection, BEGUN, (self._topic,)):
                return Missing("the ledger is of another topic: it was made again, and not adopted yet")
            return NotYet(receipt.offset, self._rate())
        place = (topic_id, receipt.partition, receipt.offset)
        # Read before its row is looked for: a record that is stored meanwhile is on its way, and not missing.
        position: list[Any] = rows(self._connection, POSITION, place[:2])
        self._connection.rollback()
        row = self._row(BY_PLACE, place)
        return self._not_stored(*place, position[0][0] if position else 0) if row is None else self._found(row)

    def _not_stored(self, topic_id: str, partition: int, offset: int, position: int) -> Trace:
        gaps: list[Any] = rows(self._connection, GAPS, (topic_id, partition, offset, offset))
        if gaps:
            return Lost(gaps[0][2], gaps[0][3])
        if position <= offset:
            return NotYet(offset - position, self._rate())
        return Missing("the ledger is past its offset and has no row for it: removed by retention, or changed by hand")

    def _rate(self) -> float:
        ((rate,),) = rows(self._connection, RATE)
        return float(str(rate))

    def _found(self, row: Row) -> Found:
        place = (row.topic_id, row.partition, row.offset)
        letters: list[Any] = rows(self._connection, LETTERS, place)
        replays: list[Any] = rows(self._connection, REPLAYS, (row.request_id,))
        ((stored,),) = rows(self._connection, STORED, (row.received_day, row.request_id))
        editions: list[Any] = rows(self._connection, EDITIONS, (row.received_day,))
        return Found(
            row=row,
            rows_stored=int(str(stored)),
            letters=[Letter(*each) for each in letters],
            replays=[Replay(*each) for each in replays],
            edition=tuple(editions[0]) if editions else None,
            first=None if row.duplicate_of is None else self._row(BY_ID, (row.duplicate_of,)),
        )

    def _row(self, sql: str, values: tuple[object, ...]) -> Row | None:
        found: list[Any] = rows(self._connection, sql.format(columns=COLUMNS), values)
        return Row(*found[0]) if found else None

    def _topic_id(self, prefix: str) -> str | None:
        known: list[Any] = rows(self._connection, TOPIC_IDS)
        return next((each for (each,) in known if topic_id_prefix(each) == prefix), None)
