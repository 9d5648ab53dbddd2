"""What the comparisons say of one scope: the newest so many, none older than a day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from MySQLdb.connections import Connection

from common.database import any_rows
from moving.comparator.judge import EQUAL_BEYOND_NOISE

#: Fixed is fixed: what differed before the newest ones counts no more, nor what was compared yesterday.
EVIDENCE_HOURS = 24
NEWEST = (
    "SELECT verdict, legacy_ms, our_ms, track FROM move_comparison WHERE path = %s{client}{track}"
    " AND compared_at > UTC_TIMESTAMP(6) - INTERVAL %s HOUR ORDER BY id DESC LIMIT %s"
)


@dataclass(frozen=True)
class Evidence:
    """Of `compared` comparisons: how many had which verdict, and how long both took (p95, ms)."""

    compared: int
    verdicts: Mapping[str, int]
    legacy_p95_ms: float
    our_p95_ms: float
    #: Different tracks among them; 0 where the path names none.
    tracks: int = 0

    @property
    def against(self) -> dict[str, int]:
        """Those that aren't equal beyond noise."""
        return {verdict: count for verdict, count in self.verdicts.items() if verdict not in EQUAL_BEYOND_NOISE}

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def read_evidence(connection: Connection, path: str, client: str | None, track: str | None, most: int) -> Evidence:
    """The newest `most` of a path, of one client and for one track where they are given."""
    named = [value for value in (client, track) if value is not None]
    sql = NEWEST.format(
        client=" AND client = %s" if client is not None else "", track=" AND track = %s" if track is not None else ""
    )
    found = any_rows(connection, sql, (path, *named, EVIDENCE_HOURS, most))
    connection.rollback()
    return evidence_of(found)


def evidence_of(rows: Sequence[tuple[str, float, float, str]]) -> Evidence:
    """From rows of verdict, both times in ms, and track."""
    verdicts: dict[str, int] = {}
    for verdict, *_ in rows:
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
    # A comparison that failed has no time of ours.
    timed = [row for row in rows if row[0] != "failed"]
    tracks = len({row[3] for row in rows if row[3]})
    return Evidence(len(rows), verdicts, p95([row[1] for row in timed]), p95([row[2] for row in timed]), tracks)


def p95(milliseconds: Sequence[float]) -> float:
    """The time that 95 of 100 don't exceed (nearest rank); 0 of none."""
    ordered = sorted(milliseconds)
    return round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 3) if ordered else 0.0
