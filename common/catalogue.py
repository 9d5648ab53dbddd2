"""The records of the catalogue's topic: a release whole with its version, or a mark between them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.records import Headers, canonical_json

SCHEMA_VERSION = 1
READABLE_SCHEMAS = frozenset({1})
#: The key of marks; a release's key is its id.
MARK_KEY = b"#mark"
MARK_KINDS = frozenset({"begin", "end", "checkpoint"})
MAX_ID = 2**32 - 1
MAX_VERSION = 2**63 - 1
#: What a record may have; an album of 100 tracks takes about 100 kB.
MAX_RECORD_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class ReleaseRecord:
    """One release with all that belongs to it, or, when it is a takedown, the word that it is gone.

    `value` is the canonical JSON of `document`, `digest` its SHA-256 (32 bytes). `epoch` numbers the producers.
    """

    release_id: int
    version: int
    is_takedown: bool
    changed_at: datetime
    digest: bytes
    value: bytes
    document: Mapping[str, Any]
    epoch: int = 0

    @property
    def track_ids(self) -> list[int]:
        """In the order of the release; of a takedown none."""
        return [track["id"] for track in self.document.get("tracks", ())]


@dataclass(frozen=True)
class MarkRecord:
    """A mark in one partition: what the producer had published there before it, in releases and in their digest sum.

    `as_of` is a moment of the data centre's database: every change that was committed before it lies before the mark.
    """

    kind: str
    number: int
    load_no: int | None
    as_of: datetime
    releases: int
    digest_sum: int
    epoch: int
    digest: bytes


def instant(moment: datetime) -> str:
    """A moment of the database (UTC, with or without a zone) as ISO 8601; fractions only where there are some."""
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.isoformat().removesuffix("+00:00") + "Z"


def instant_of(text: str) -> str:
    """As instant(), of a moment that the database has written as text: 2026-01-01 00:00:00.000000, in UTC."""
    whole, _, fraction = text.partition(".")
    shown = f".{fraction}" if fraction.strip("0") else ""
    return f"{whole.replace(' ', 'T')}{shown}Z"


def moment_of(text: object) -> datetime:
    """The moment that instant() wrote. Raises ValueError for anything else."""
    if not isinstance(text, str) or not text.endswith("Z") or len(text) < len("2026-01-01T00:00:00Z"):
        raise ValueError("is not an instant in UTC")
    return datetime.fromisoformat(text)


def part_of_sum(digest: bytes) -> int:
    """What a release adds to its partition's digest sum."""
    return int.from_bytes(digest[:8], "big")


def add_to_sum(total: int, added: bytes | None, removed: bytes | None) -> int:
    """The digest sum, modulo 2^64, after one release was added, removed, or both."""
    change = (part_of_sum(added) if added else 0) - (part_of_sum(removed) if removed else 0)
    return (total + change) % 2**64


def partition_of(release_id: int, partitions: int) -> int:
    """A release always goes to one partition: so its records have an order."""
    return release_id % partitions


def release_value(document: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The record's value, canonical JSON, and its SHA-256."""
    value = canonical_json({**document, "schema": SCHEMA_VERSION})
    return value, hashlib.sha256(value).digest()


def release_headers(release_id: int, version: int, digest: bytes, tracks: int, epoch: int) -> Headers:
    """The headers of a release's record; `count` is how many rows it brings, for the pace of who stores it."""
    return [
        ("schema", str(SCHEMA_VERSION).encode()),
        ("release", str(release_id).encode()),
        ("version", str(version).encode()),
        ("digest", digest.hex().encode()),
        ("epoch", str(epoch).encode()),
        ("count", str(min(99_999, 1 + tracks)).encode()),
    ]


def mark_record(mark: MarkRecord) -> tuple[bytes, Headers]:
    """A mark's value and headers."""
    value = canonical_json(
        {
            "schema": SCHEMA_VERSION,
            "mark": mark.kind,
            "number": mark.number,
            "load": mark.load_no,
            "asOf": instant(mark.as_of),
            "releases": mark.releases,
            # Beyond 2^53 a JSON number isn't the same number to everybody.
            "digestSum": f"{mark.digest_sum:016x}",
            "epoch": mark.epoch,
        }
    )
    digest = hashlib.sha256(value).hexdigest().encode()
    return value, [("schema", str(SCHEMA_VERSION).encode()), ("mark", mark.kind.encode()), ("digest", digest)]


def identity_of(headers: Sequence[tuple[str, bytes | None]] | None) -> bytes | None:
    """What the ledger knows a record by: its digest; None when it carries none."""
    for name, data in headers or ():
        if name == "digest" and data:
            try:
                return bytes.fromhex(data.decode("ascii"))
            except ValueError:
                return None
    return None
