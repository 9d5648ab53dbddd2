"""What a partition's releases become, record by record: the newest version wins, and the dead stay dead."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from common.catalogue import ReleaseRecord, add_to_sum

LIVE, TAKEDOWN, GHOST = "live", "takedown", "ghost"
#: What can become of a release's record.
APPLIED, SAME, OLDER, CONFLICT = "applied", "same", "older", "conflict"


@dataclass
class Row:
    """A release as it is stored. `fresh` is the record that brought its present content, until it is written."""

    release_id: int
    version: int
    state: str
    digest: bytes
    seen_offset: int
    fresh: ReleaseRecord | None = None
    is_known: bool = True


@dataclass
class Sum:
    """Of one partition: the releases it has brought (ghosts left out), and the sum of their digests."""

    releases: int = 0
    digest_sum: int = 0

    def swap(self, added: bytes | None, removed: bytes | None) -> None:
        """One release comes, goes, or has another content."""
        self.digest_sum = add_to_sum(self.digest_sum, added, removed)
        self.releases += (added is not None) - (removed is not None)


@dataclass
class Shelf:
    """The releases that some records name, as they were stored before; `put` makes of them what they become.

    Whatever the order and however often records come, a release ends as its highest version says; a takedown has a
    version like any other, so nothing that is late brings a release back. `seen_offset` alone depends on the order.
    """

    sum: Sum
    rows: dict[int, Row] = field(default_factory=dict)

    def know(self, rows: Iterable[Row]) -> None:
        """What the database has."""
        self.rows |= {row.release_id: row for row in rows}

    def put(self, record: ReleaseRecord, offset: int) -> str:
        """What becomes of a record at an offset: APPLIED, SAME, OLDER or CONFLICT."""
        row = self.rows.get(record.release_id)
        state = TAKEDOWN if record.is_takedown else LIVE
        if row is None:
            self.sum.swap(record.digest, None)
            made = Row(record.release_id, record.version, state, record.digest, offset, record, is_known=False)
            self.rows[record.release_id] = made
            return APPLIED
        row.seen_offset = max(row.seen_offset, offset)
        if record.version > row.version:
            self.sum.swap(record.digest, None if row.state == GHOST else row.digest)
            row.version, row.state, row.digest, row.fresh = record.version, state, record.digest, record
            return APPLIED
        if record.version < row.version:
            return OLDER
        return SAME if record.digest == row.digest else CONFLICT
