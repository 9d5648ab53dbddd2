"""Stores a booked batch of play logs: one request row a record, a row a log, keys and ids, dead letters."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows, run
from common.records import canonical_json
from common.sql_rows import RowEncoder, statements
from consumer.booking import Booking
from consumer.dead_letters import DeadLetter, DeadLetters
from consumer.erased import ErasedListeners
from consumer.flush import Tally
from consumer.play_logs.bad_item import BadItem
from consumer.play_logs.bisect import insert
from consumer.play_logs.decode import Entry, entries_of
from consumer.play_logs.log_rows import LogRows
from consumer.play_logs.repeats import Seen, look_up, mark_repeats
from consumer.play_logs.statements import INSERT_KEY, INSERT_LOG_ID, INSERT_REQUEST
from consumer.play_logs.told import told_of
from consumer.trouble import DUPLICATE, Collision, code_of

logger = logging.getLogger(__name__)

#: One statement is never longer than this, nor than half the server's max_allowed_packet.
MAX_STATEMENT_BYTES = 4_000_000


class PlayLogSink:
    """Knows the tables request, play_log, idempotency_key, client_log_id, and writes dead_letter.

    All of it happens in the caller's transaction: either everything that a batch brings is stored, each log of it as
    one row, one counted repeat or one dead letter, or nothing is.
    """

    def __init__(self, dead_letters: DeadLetters, erased: ErasedListeners) -> None:
        self._dead_letters, self._erased = dead_letters, erased

    def store(self, connection: Connection, partition: int, booking: Booking) -> Tally:
        """Stores the batch. Raises Collision, Hold, or MySQLdb.Error; the caller rolls back."""
        entries = entries_of(booking.records)
        if not entries:
            return Tally()
        self._erased.refresh(connection)
        seen = look_up(connection, entries)
        known = seen.size
        # Repeats first: a log is compared as it was sent, whoever was erased since.
        mark_repeats(entries, seen)
        for entry in entries:
            if entry.request is not None:
                self._erased.apply(entry.request.client, entry.request.items)
        try:
            self._insert(connection, partition, booking.before.topic_id, entries, seen)
        except MySQLdb.IntegrityError as error:
            if code_of(error) == DUPLICATE:
                raise Collision(known) from None
            raise
        return Tally(
            records=len(entries),
            stored=sum(entry.n_stored for entry in entries),
            duplicate=sum(entry.n_duplicate for entry in entries),
            dead=sum(entry.n_dead for entry in entries) + sum(entry.request is None for entry in entries),
            outcomes=Counter(entry.outcome for entry in entries),
            told=tuple(told_of(entries, all_of_them=logger.isEnabledFor(logging.DEBUG))),
        )

    def _insert(
        self, connection: Connection, partition: int, topic_id: str, entries: Sequence[Entry], seen: Seen
    ) -> None:
        encoder = RowEncoder(connection.escape_string)
        most_bytes = min(MAX_STATEMENT_BYTES, _packet_bytes(connection) // 2)

        def write(head: bytes, encoded: Sequence[bytes]) -> None:
            for sql, _ in statements(head, encoded, most_bytes):
                run(connection, sql)

        write(INSERT_KEY, key_rows(encoder, seen))
        write(INSERT_LOG_ID, log_id_rows(encoder, seen))
        _insert_logs(connection, LogRows(connection.escape_string), entries, most_bytes)
        self._dead_letters.write(connection, topic_id, partition, _letters(entries))
        write(INSERT_REQUEST, [_request_row(encoder, topic_id, partition, entry) for entry in entries])


def _insert_logs(connection: Connection, rows_of: LogRows, entries: Sequence[Entry], most_bytes: int) -> None:
    # Sorted by primary key: writers that insert in one order don't wait for each other in a circle.
    readable = [entry for entry in entries if entry.request is not None and not entry.is_repeat]
    readable.sort(key=_place)
    encoded: dict[bytes, list[bytes]] = {}
    origins: dict[bytes, list[tuple[Entry, int]]] = {}
    for entry in readable:
        head = rows_of.head(entry)
        encoded_rows, their_origins = encoded.setdefault(head, []), origins.setdefault(head, [])
        numbers = [number for number in range(entry.n_items) if number not in entry.duplicate_items]
        for number, row in rows_of.rows(entry, numbers):
            if isinstance(row, BadItem):
                entry.dead_items[number] = str(row)
            else:
                encoded_rows.append(row)
                their_origins.append((entry, number))
    for head, encoded_rows in encoded.items():
        insert(connection, head, encoded_rows, most_bytes, partial(_refuse, origins[head]))


def _place(entry: Entry) -> tuple[date, bytes]:
    assert entry.request is not None
    return entry.booked.received_day, entry.request.request_id.bytes


def _refuse(origins: Sequence[tuple[Entry, int]], index: int, code: int) -> None:
    entry, number = origins[index]
    entry.dead_items[number] = f"the database refuses the row with error {code}"


def _letters(entries: Sequence[Entry]) -> list[DeadLetter]:
    letters: list[DeadLetter] = []
    for entry in entries:
        request = entry.request
        if request is None:
            letters.append(DeadLetter(entry.booked, entry.unreadable or "unreadable", entry.booked.value))
            continue
        for number, reason in sorted(entry.dead_items.items()):
            value, place = canonical_json(request.items[number]), request.request_id.bytes
            letters.append(DeadLetter(entry.booked, reason, value, number, place, request.client, request.stream))
    return letters


def key_rows(encoder: RowEncoder, seen: Seen) -> list[bytes]:
    """The rows of new keys, in the order of their primary key."""
    new = sorted(seen.new_keys, key=lambda pair: (*pair[0], pair[1].request.digest if pair[1].request else b""))
    return [
        encoder.row((*key, entry.request.digest, entry.request.request_id.bytes, entry.booked.booked_at))
        for key, entry in new
        if entry.request is not None
    ]


def log_id_rows(encoder: RowEncoder, seen: Seen) -> list[bytes]:
    """The rows of new log ids, in the order of their primary key."""
    new = sorted(seen.new_log_ids, key=lambda each: (*each[0].name, each[0].content))
    return [
        encoder.row((*log_id.name, log_id.content, entry.request.request_id.bytes, number))
        for log_id, entry, number in new
        if entry.request is not None
    ]


def _request_row(encoder: RowEncoder, topic_id: str, partition: int, entry: Entry) -> bytes:
    booked, request = entry.booked, entry.request
    is_again = entry.outcome == "duplicate_record"
    about: tuple[object, ...] = (None, None, None, False, None, None, None)
    if request is not None:
        about = (
            None if is_again else request.request_id.bytes,
            request.client,
            request.stream,
            request.is_test,
            request.schema,
            request.idempotency_key,
            request.digest,
        )
    when = (booked.appended_at, booked.booked_at, booked.received_day)
    counts = (entry.n_items, entry.n_stored, entry.n_duplicate, entry.n_dead)
    return encoder.row((topic_id, partition, booked.offset, *about, *when, entry.outcome, entry.duplicate_of, *counts))


def _packet_bytes(connection: Connection) -> int:
    (packet,) = rows(connection, "SELECT @@max_allowed_packet")[0]
    assert isinstance(packet, int)
    return packet
