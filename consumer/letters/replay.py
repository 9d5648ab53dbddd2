"""Stores a dead letter after all, straight into the database, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

import MySQLdb
import orjson
from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import rows, run
from common.records import RequestRecord, Unreadable, read_record
from common.sql_rows import RowEncoder
from consumer.booking import ONE_DAY, Booked
from consumer.erased import ErasedListeners
from consumer.letters.book import Content, Letter, close, content
from consumer.play_logs.bad_item import BadItem
from consumer.play_logs.decode import Entry
from consumer.play_logs.log_rows import LogRows
from consumer.play_logs.repeats import look_up, mark_repeats
from consumer.play_logs.sink import key_rows, log_id_rows
from consumer.play_logs.statements import INSERT_KEY, INSERT_LOG_ID
from consumer.trouble import DATA, DUPLICATE, code_of

LAST_FINAL = "SELECT MAX(day) FROM report"
REPLAYED_REQUEST = "SELECT COUNT(*) FROM replay WHERE request_id = %s AND item IS NULL"
INSERT_REPLAY = """
INSERT INTO replay (dead_letter_id, replayed_day, first_day, request_id, item, client, stream, is_test, n_items,
  n_stored, n_duplicate, operator, replayed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


class Refused(Exception):
    """The letter can't be stored as it is, and stays open. The message says why, without a value of it."""


@dataclass(frozen=True)
class Replayed:
    """What a replay has stored, and on which day it is booked."""

    day: date
    stored: int
    duplicate: int


class Replayer:
    """Replays letters through one connection whose session holds the report lock.

    While the lock is held no report becomes final: so the day of a replay, which is the first that isn't, stays open
    until the replay is committed. Killed before COMMIT, nothing happened; after it, all of it.
    """

    def __init__(self, connection: Connection, erased: ErasedListeners, operator: str, clock: Clock) -> None:
        self._connection, self._erased, self._operator, self._clock = connection, erased, operator, clock
        self._encoder = RowEncoder(connection.escape_string)
        self._log_rows = LogRows(connection.escape_string)

    def replay(self, letter: Letter, reason: str, *, rehearse: bool = False) -> Replayed:
        """Stores one letter, or with `rehearse` does all of it but the COMMIT.

        Raises Refused, after which nothing has changed, or MySQLdb.Error.
        """
        connection = self._connection
        connection.rollback()
        try:
            done = self._store(letter, reason)
            if rehearse:
                connection.rollback()
            else:
                connection.commit()
        except Refused:
            connection.rollback()
            raise
        except MySQLdb.Error as error:
            code = code_of(error)
            if code not in DATA and code != DUPLICATE:
                raise
            connection.rollback()
            again = ": the same was stored just now, try again" if code == DUPLICATE else ""
            raise Refused(f"the database refuses it with error {code}{again}") from None
        return done

    def _store(self, letter: Letter, reason: str) -> Replayed:
        connection = self._connection
        if not close(connection, letter.id, "replayed", self._operator, reason):
            raise Refused("it isn't open any more")
        booked_at = self._booked_at()
        entry = _entry(letter, content(connection, letter.id), booked_at)
        assert entry.request is not None
        self._erased.refresh(connection)
        numbers = [letter.item] if letter.item is not None else self._new_items(entry)
        self._erased.apply(entry.request.client, entry.request.items)
        self._insert(entry, numbers)
        n_items = 1 if letter.item is not None else entry.n_items
        self._note(letter, entry, n_items, len(numbers))
        return Replayed(entry.booked.received_day, len(numbers), n_items - len(numbers))

    def _booked_at(self) -> datetime:
        """Now, or the begin of the first day behind the last final one: no final day ever gains a row."""
        now = self._clock.now()
        ((last,),) = rows(self._connection, LAST_FINAL)
        if not isinstance(last, date) or last < now.date():
            return now
        return datetime.combine(last + ONE_DAY, time(), UTC)

    def _new_items(self, entry: Entry) -> list[int]:
        """The logs of a whole record that aren't repeats; what they bring of keys and ids is written down.

        A single log of a dead letter passes this by: its key and id were written when it was met first.
        """
        connection, request = self._connection, entry.request
        assert request is not None
        ((before,),) = rows(connection, REPLAYED_REQUEST, (request.request_id.bytes,))
        seen = look_up(connection, [entry])
        mark_repeats([entry], seen)
        if before or entry.is_repeat:
            return []
        for head, encoded in (
            (INSERT_KEY, key_rows(self._encoder, seen)),
            (INSERT_LOG_ID, log_id_rows(self._encoder, seen)),
        ):
            if encoded:
                run(connection, head + b",".join(encoded))
        return [number for number in range(entry.n_items) if number not in entry.duplicate_items]

    def _insert(self, entry: Entry, numbers: Sequence[int]) -> None:
        encoded: list[bytes] = []
        for number, row in self._log_rows.rows(entry, numbers):
            if isinstance(row, BadItem):
                raise Refused(f"log {number}: {row}")
            encoded.append(row)
        if encoded:
            run(self._connection, self._log_rows.head(entry) + b",".join(encoded))

    def _note(self, letter: Letter, entry: Entry, n_items: int, n_stored: int) -> None:
        request, booked = entry.request, entry.booked
        assert request is not None
        about = (letter.id, booked.received_day, letter.received_day, request.request_id.bytes, letter.item)
        whose = (request.client, request.stream, request.is_test)
        counts = (n_items, n_stored, n_items - n_stored)
        run(self._connection, INSERT_REPLAY, (*about, *whose, *counts, self._operator, self._clock.now()))


def _entry(letter: Letter, held: Content, booked_at: datetime) -> Entry:
    """The letter as an entry of the day of its replay. Raises Refused."""
    if held.value is None:
        kept = "was too large to be kept" if letter.value_bytes else "is not there"
        raise Refused(f"its value {kept}: look for it in Kafka, topic {letter.topic}, {letter.place}")
    booked = Booked(letter.offset, booked_at, booked_at, held.headers, held.value)
    if letter.item is None:
        try:
            return Entry(booked, read_record(held.headers, held.value))
        except Unreadable as reason:
            raise Refused(f"it is still unreadable: {reason}") from None
    assert letter.client and letter.stream and letter.request_id
    # At its own number in the request, which is part of its row's key; its neighbours are stored already.
    items = [{} for _ in range(letter.item)] + [orjson.loads(held.value)]
    is_test = dict(held.headers).get("test") == b"1"
    request_id = UUID(bytes=letter.request_id)
    request = RequestRecord(request_id, letter.client, letter.stream, b"", items, is_test=is_test)
    return Entry(booked, request)
