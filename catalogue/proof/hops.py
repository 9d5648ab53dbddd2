"""Follows one release from the source to the region: each hop with its version and time."""

from collections.abc import Iterator
from datetime import UTC, datetime

from MySQLdb.connections import Connection

from catalogue.source.snapshot import read_documents, snapshot
from common.catalogue import instant, release_value
from common.database import any_rows as rows

RELEASE_OF_TRACK = "SELECT release_id FROM catalogue_track WHERE track_id = %s"
VERSION = "SELECT version, changed_at FROM catalogue_version WHERE release_id = %s"
OUTBOX = """
SELECT id, version, changed_at, attempts, failure, retry_at FROM catalogue_outbox WHERE release_id = %s ORDER BY id"""
PUBLISHED = """
SELECT version, digest, is_takedown, partition_no, kafka_offset, published_at FROM catalogue_published
WHERE release_id = %s"""
RECORDS = """
SELECT partition_no, kafka_offset, version, outcome, appended_at, stored_at, digest FROM catalogue_record
WHERE release_id = %s ORDER BY stored_at, partition_no, kafka_offset"""
HELD = """
SELECT version, state, digest, changed_at, stored_at, partition_no FROM catalogue_release WHERE release_id = %s"""

#: A hop: where, and what is known there.
Hop = tuple[str, str]


def release_of_track(connection: Connection, track_id: int) -> int | None:
    """The release that a track is on; of two the larger id."""
    connection.rollback()
    found = rows(connection, RELEASE_OF_TRACK, (track_id,))
    connection.rollback()
    return max((row[0] for row in found), default=None)


def source_hops(connection: Connection, release_id: int) -> Iterator[Hop]:
    """What the data centre knows. Raises MySQLdb.Error."""
    with snapshot(connection):
        document = read_documents(connection, [release_id]).get(release_id)
        versions = rows(connection, VERSION, (release_id,))
        changes = rows(connection, OUTBOX, (release_id,))
        published = rows(connection, PUBLISHED, (release_id,))
    if document is None:
        yield "source", "never heard of it"
        return
    digest = release_value(document)[1]
    what = "deleted" if document.get("takedown") else f"“{document['title']}”, {len(document['tracks'])} tracks"
    yield "source", f"version {versions[0][0]} of {_time(versions[0][1])}: {what}, digest {_short(digest)}"
    for number, version, changed_at, attempts, failure, retry_at in changes:
        again = f"; failed {attempts} times: {failure}; again at {_time(retry_at)}" if attempts else ""
        yield "outbox", f"change {number}, version {version} of {_time(changed_at)}, waits{again}"
    if not published:
        yield "published", "not yet"
    for version, sent, is_takedown, partition, offset, at in published:
        same = "as the source" if sent == digest else "not as the source is now"
        kind = "takedown, " if is_takedown else ""
        where = f"partition {partition}, offset {offset}, {_time(at)}"
        yield "published", f"{kind}version {version} at {where}, digest {_short(sent)}: {same}"


def region_hops(connection: Connection, release_id: int, most: int) -> Iterator[Hop]:
    """What the region has done with its records, the last ones, and what it holds. Raises MySQLdb.Error."""
    connection.rollback()
    records = rows(connection, RECORDS, (release_id,))
    held = rows(connection, HELD, (release_id,))
    connection.rollback()
    if len(records) > most:
        yield "topic", f"{len(records) - most} older records"
    for partition, offset, version, outcome, appended_at, stored_at, digest in records[-most:]:
        place = f"partition {partition}, offset {offset}, appended {_time(appended_at)}"
        seconds = (stored_at - appended_at).total_seconds()
        yield "topic", f"{place}: version {version}, digest {_short(digest)}"
        yield "region", f"{_MEANING[outcome]}, {seconds:.3f} s later"
    if not held:
        yield "region", "has never had it"
    for version, state, digest, changed_at, stored_at, _ in held:
        moments = f"changed {_time(changed_at)}, stored {_time(stored_at)}"
        yield "region", f"holds version {version}, {state}, {moments}, digest {_short(digest)}"


_MEANING = {
    "applied": "applied",
    "same": "skipped: it has this version",
    "older": "skipped: it has a newer version",
    "conflict": "skipped: it has another content of this version",
}


def _time(moment: datetime | None) -> str:
    return "never" if moment is None else instant(moment.replace(tzinfo=UTC))


def _short(digest: bytes) -> str:
    return digest.hex()[:16]
