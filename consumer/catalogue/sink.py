"""Stores a booked batch of the catalogue: releases and tracks, what became of each record, marks and sums."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from MySQLdb.connections import Connection

from common.catalogue import MarkRecord, ReleaseRecord
from common.catalogue_reading import read_catalogue_record
from common.database import rows, run
from common.metrics import Metrics
from common.records import Unreadable
from common.sql_rows import RowEncoder, statements
from consumer.booking import Booked, Booking
from consumer.catalogue.marks import Place, meet_mark
from consumer.catalogue.shelf import CONFLICT, Row, Shelf, Sum
from consumer.catalogue.statements import FIND_RELEASES, INSERT_RECORD, SAVE_SUM, SUM
from consumer.catalogue.write_releases import write_releases
from consumer.dead_letters import DeadLetter, DeadLetters
from consumer.flush import Tally
from consumer.ledger import naive

logger = logging.getLogger(__name__)

MAX_STATEMENT_BYTES = 4_000_000


@dataclass
class Entry:
    """A record, what was read of it, and what became of it."""

    booked: Booked
    record: ReleaseRecord | MarkRecord | None
    unreadable: str = ""
    outcome: str = "unreadable"


class CatalogueSink:
    """Knows the region's tables of the catalogue, and writes dead_letter.

    All of it happens in the caller's transaction. A partition has one writer, and a release one partition: nobody
    else writes the rows of its releases.
    """

    def __init__(self, dead_letters: DeadLetters, metrics: Metrics) -> None:
        self._dead_letters, self._metrics = dead_letters, metrics

    def store(self, connection: Connection, partition: int, booking: Booking) -> Tally:
        """Stores the batch. Raises Hold, or MySQLdb.Error; the caller rolls back."""
        entries = [_read(booked) for booked in booking.records]
        if not entries:
            return Tally()
        place = Place(connection, booking.before.topic_id, partition, *_read_sum(connection, partition), self._metrics)
        stored = 0
        for segment in _segments(entries):
            if isinstance(segment[0].record, MarkRecord):
                (entry,) = segment
                entry.outcome = meet_mark(place, segment[0].record, entry.booked.offset)
            else:
                stored += _store_releases(place, segment)
        run(
            connection,
            SAVE_SUM,
            (partition, place.sum.releases, place.sum.digest_sum, place.epoch, naive(place.as_of)),
        )
        letters = [
            DeadLetter(entry.booked, entry.unreadable, entry.booked.value) for entry in entries if entry.record is None
        ]
        self._dead_letters.write(connection, place.topic_id, partition, letters)
        _write_records(place, entries)
        outcomes = Counter(entry.outcome for entry in entries)
        repeated = outcomes["same"] + outcomes["older"]
        return Tally(len(entries), stored=stored, duplicate=repeated, dead=len(letters), outcomes=outcomes)


def _read(booked: Booked) -> Entry:
    try:
        return Entry(booked, read_catalogue_record(booked.headers, booked.value))
    except Unreadable as reason:
        return Entry(booked, None, str(reason))


def _segments(entries: Sequence[Entry]) -> Iterable[list[Entry]]:
    """The records between two marks, and each mark by itself: a mark speaks of all that lies before it."""
    segment: list[Entry] = []
    for entry in entries:
        if isinstance(entry.record, MarkRecord):
            if segment:
                yield segment
            yield [entry]
            segment = []
        else:
            segment.append(entry)
    if segment:
        yield segment


def _read_sum(connection: Connection, partition: int) -> tuple[Sum, int, datetime | None, datetime]:
    """The partition's sum, the highest epoch met, the moment up to which everything has arrived, and now."""
    ((now, releases, digest_sum, epoch, as_of),) = rows(connection, SUM, (partition,))
    assert isinstance(now, datetime)
    assert as_of is None or isinstance(as_of, datetime)
    found = Sum(releases or 0, digest_sum or 0)  # type: ignore[arg-type]
    return found, int(epoch or 0), as_of and as_of.replace(tzinfo=UTC), now.replace(tzinfo=UTC)  # type: ignore[call-overload]


def _store_releases(place: Place, segment: Sequence[Entry]) -> int:
    """Puts the segment's releases where they belong; returns how many rows that took."""
    named = [(entry, entry.record) for entry in segment if isinstance(entry.record, ReleaseRecord)]
    if not named:
        return 0
    shelf = Shelf(place.sum)
    shelf.know(_find(place.connection, {record.release_id for _, record in named}))
    for entry, record in named:
        entry.outcome = shelf.put(record, entry.booked.offset)
        place.epoch = max(place.epoch, record.epoch)
        if entry.outcome == CONFLICT:
            facts = {"release_id": record.release_id, "version": record.version, "offset": entry.booked.offset}
            logger.error(
                "ALERT: release %(release_id)d has two contents of version %(version)d: the first is kept. `playlog"
                " catalogue repair --release %(release_id)d` publishes a newer one",
                facts,
                extra=facts,
            )
    return write_releases(place, shelf.rows.values(), MAX_STATEMENT_BYTES)


def _find(connection: Connection, ids: set[int]) -> list[Row]:
    marks = ",".join(["%s"] * len(ids))
    return [
        Row(*found)  # type: ignore[arg-type]
        for found in rows(connection, FIND_RELEASES.format(marks=marks), tuple(sorted(ids)))
    ]


def _write_records(place: Place, entries: Sequence[Entry]) -> None:
    encoder = RowEncoder(place.connection.escape_string)
    encoded = [encoder.row(_record_row(place, entry)) for entry in entries]
    for sql, _ in statements(INSERT_RECORD, encoded, MAX_STATEMENT_BYTES):
        run(place.connection, sql)


def _record_row(place: Place, entry: Entry) -> tuple[object, ...]:
    record = entry.record
    about: tuple[object, ...] = (None, None, record.digest if record else None)
    if isinstance(record, ReleaseRecord):
        about = (record.release_id, record.version, record.digest)
    where = (place.topic_id, place.partition, entry.booked.offset)
    return (*where, *about, entry.outcome, entry.booked.appended_at, place.now)
