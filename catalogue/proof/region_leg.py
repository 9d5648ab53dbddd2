"""The second leg: a region's tables hold what was published, up to where it has read the topic."""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from MySQLdb.connections import Connection
from MySQLdb.cursors import SSCursor

from catalogue.proof.difference import Difference
from catalogue.proof.log import LogState
from catalogue.source.queries import BEGIN, REPEATABLE_READ
from common.catalogue import add_to_sum
from common.database import any_rows as rows
from common.database import run

FETCH = 500

#: Of the topic that is read now: of a former one, with more partitions, rows are left.
POSITIONS = """
SELECT partition_no, topic_id, next_offset FROM consumer_offset AS o
WHERE topic = %s AND topic_id = (
  SELECT l.topic_id FROM consumer_offset AS l WHERE l.topic = o.topic ORDER BY l.updated_at DESC LIMIT 1)"""
SUMS = "SELECT partition_no, releases, digest_sum, as_of FROM catalogue_sum"
LAST_CHECKPOINTS = """
SELECT m.partition_no, m.number, m.releases, m.digest_sum, m.own_releases, m.own_digest_sum
FROM catalogue_mark AS m JOIN (
  SELECT topic_id, partition_no, MAX(kafka_offset) AS kafka_offset FROM catalogue_mark
  WHERE kind = 'checkpoint' GROUP BY topic_id, partition_no
) AS last USING (topic_id, partition_no, kafka_offset)"""
RELEASES = "SELECT release_id, version, state, digest, document, partition_no FROM catalogue_release"
TRACKS = "SELECT track_id, release_id FROM catalogue_track ORDER BY release_id, track_id"


@dataclass(frozen=True)
class Held:
    """A release as the region has it; `digest` is made anew from the document."""

    version: int
    state: str
    digest: bytes
    partition: int


@dataclass
class RegionState:
    """What the region holds at one moment, and how far it has read."""

    positions: dict[int, tuple[str, int]] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    #: Partitions whose tables don't add up to the sum that was kept with each change.
    wrong_sums: list[int] = field(default_factory=list)
    #: Partitions in which the last checkpoint said something else than the region had.
    wrong_checkpoints: list[int] = field(default_factory=list)
    #: Partitions that haven't met a checkpoint since they began: nothing says yet what they should hold.
    unproved: list[int] = field(default_factory=list)
    as_of: datetime | None = None

    @property
    def is_equal(self) -> bool:
        """Whether all that can be known without reading the topic agrees."""
        return not (self.differences or self.wrong_sums or self.wrong_checkpoints)


def look_at_region(connection: Connection, topic: str, tell: Callable[[int], object]) -> RegionState:
    """Hashes every document and compares tracks and sums, all of one moment. Raises MySQLdb.Error."""
    state = RegionState()
    connection.rollback()
    run(connection, REPEATABLE_READ)
    run(connection, BEGIN)
    state.positions = {row[0]: (row[1], row[2]) for row in rows(connection, POSITIONS, (topic,))}
    sums = rows(connection, SUMS)
    moments = {row[0]: row[3] for row in sums if row[3] is not None}
    state.unproved = sorted(state.positions.keys() - moments.keys())
    state.as_of = min(moments.values()) if moments and not state.unproved else None
    state.wrong_checkpoints = sorted(
        row[0] for row in rows(connection, LAST_CHECKPOINTS) if row[2:4] != row[4:6] and row[0] not in state.unproved
    )
    tracks = _tracks(connection)
    counted: dict[int, tuple[int, int]] = {}
    for row in _stream(connection, RELEASES):
        _hold(state, row, tracks.pop(row[0], set()), counted)
        tell(1)
    for release_id, left in sorted(tracks.items()):
        state.differences.append(Difference(release_id, f"{len(left)} tracks of a release that isn't there"))
    kept = {row[0]: (row[1], row[2]) for row in sums}
    state.wrong_sums = sorted(
        number for number in {*kept, *counted} if kept.get(number, (0, 0)) != counted.get(number, (0, 0))
    )
    connection.rollback()
    return state


def compare_with_log(state: RegionState, log: LogState) -> list[Difference]:
    """Names every release that isn't what the topic says it should be."""
    found: list[Difference] = []
    for release_id, expected in log.releases.items():
        held = state.held.get(release_id)
        if held is None or held.state == "ghost":
            found.append(Difference(release_id, "published, and not in the region", expected.version, None))
        elif held.version != expected.version:
            found.append(Difference(release_id, "in another version", expected.version, held.version))
        elif held.digest != expected.digest:
            found.append(Difference(release_id, "of another content", expected.version, held.version))
    for release_id, held in state.held.items():
        if release_id not in log.releases and held.state != "ghost":
            found.append(Difference(release_id, "in the region, and never published", None, held.version))
    named = {each.release_id for each in found}
    return sorted([*found, *(each for each in state.differences if each.release_id not in named)], key=_by_id)


def _by_id(difference: Difference) -> int:
    return difference.release_id


def _hold(state: RegionState, row: tuple[Any, ...], tracks: set[int], counted: dict[int, tuple[int, int]]) -> None:
    release_id, version, its_state, digest, packed, partition = row
    try:
        value = zlib.decompress(packed)
        document: Mapping[str, Any] = orjson.loads(value)
    except (zlib.error, orjson.JSONDecodeError):
        value, document = packed, {}
    made = hashlib.sha256(value).digest()
    state.held[release_id] = Held(version, its_state, made, partition)
    says = (document.get("id"), document.get("version"), document.get("takedown", False))
    if made == digest and says != (release_id, version, its_state == "takedown") and its_state != "ghost":
        state.differences.append(Difference(release_id, "its row says something else than its document", None, version))
    if made != digest:
        what = "its document was changed in the region"
        state.differences.append(Difference(release_id, what, version, version))
    if its_state == "ghost":
        wanted: set[int] = set()
    else:
        releases, total = counted.get(partition, (0, 0))
        counted[partition] = (releases + 1, add_to_sum(total, made, None))
        wanted = {track["id"] for track in document.get("tracks", ())}
    if wanted != tracks:
        what = f"its tracks differ from its document: {len(tracks - wanted)} too many, {len(wanted - tracks)} missing"
        state.differences.append(Difference(release_id, what, version, version))


def _tracks(connection: Connection) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for track_id, release_id in _stream(connection, TRACKS):
        found.setdefault(release_id, set()).add(track_id)
    return found


def _stream(connection: Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(sql)
        while part := cursor.fetchmany(FETCH):
            yield from part
