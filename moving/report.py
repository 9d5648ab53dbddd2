"""What the comparisons say: of each path the verdicts and times, and of each field that differs some samples."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from MySQLdb.connections import Connection

from common.database import any_rows
from moving.comparator.canonical import name_of
from moving.evidence import p95
from moving.table import LIVE_SECONDS

ROWS = (
    "SELECT path, origin, verdict, legacy_ms, our_ms FROM move_comparison"
    " WHERE compared_at > UTC_TIMESTAMP(6) - INTERVAL %s MINUTE{scope} ORDER BY id DESC LIMIT %s"
)
DETAILS = (
    "SELECT path, verdict, client, compared_at, detail_json, legacy_status, our_status FROM move_comparison"
    " WHERE compared_at > UTC_TIMESTAMP(6) - INTERVAL %s MINUTE AND detail_json IS NOT NULL{scope}"
    " ORDER BY id DESC LIMIT %s"
)
COMPARATORS = (
    "SELECT name, TIMESTAMPDIFF(SECOND, seen_at, UTC_TIMESTAMP(6)), told, compared, dropped, lost, without_legacy"
    " FROM move_comparator WHERE seen_at > UTC_TIMESTAMP(6) - INTERVAL 1 DAY ORDER BY name"
)
MOST_ROWS, MOST_DETAILS, MOST_SAMPLES = 200_000, 5_000, 3
VERDICTS = ("equal", "noise", "differs", "slower", "failed")


@dataclass
class Sample:
    """One place where both differ, in one request."""

    place: str
    legacy: str | None
    ours: str | None
    client: str
    url: str
    request_id: str
    trace: str
    at: str


@dataclass
class FieldReport:
    """One field of one path: how often it differed, or was noise, and the newest samples."""

    name: str
    verdict: str
    count: int = 0
    samples: list[Sample] = field(default_factory=list)


@dataclass
class PathReport:
    """One path. Times are p95 in ms."""

    path: str
    verdicts: dict[str, int]
    moved: int
    legacy_p95_ms: float
    our_p95_ms: float
    fields: list[FieldReport] = field(default_factory=list)

    @property
    def compared(self) -> int:
        return sum(self.verdicts.values())


@dataclass
class ComparatorReport:
    """One comparator, and what became of what nginx told it since it began."""

    name: str
    silent_seconds: int
    told: int
    compared: int
    dropped: int
    lost: int
    without_legacy: int

    @property
    def is_live(self) -> bool:
        return self.silent_seconds <= LIVE_SECONDS


@dataclass
class Report:
    """All of it, of the last so many minutes."""

    minutes: int
    paths: list[PathReport]
    comparators: list[ComparatorReport]


def read_report(
    connection: Connection, minutes: int, path: str | None = None, client: str | None = None, track: str | None = None
) -> Report:
    """Of the newest comparisons, at most MOST_ROWS."""
    given = [
        (name, value) for name, value in (("path", path), ("client", client), ("track", track)) if value is not None
    ]
    scope = "".join(f" AND {name} = %s" for name, _ in given)
    values = [value for _, value in given]
    found = any_rows(connection, ROWS.format(scope=scope), (minutes, *values, MOST_ROWS))
    details = any_rows(connection, DETAILS.format(scope=scope), (minutes, *values, MOST_DETAILS))
    connection.rollback()
    return Report(minutes, _paths(found, details), read_comparators(connection))


def read_comparators(connection: Connection) -> list[ComparatorReport]:
    """Those that were heard of within a day."""
    found = [ComparatorReport(*map(_whole, row)) for row in any_rows(connection, COMPARATORS)]
    connection.rollback()
    return found


def _whole(value: Any) -> Any:
    return value if isinstance(value, str) else int(value)


def _paths(found: Iterable[tuple[Any, ...]], details: Iterable[tuple[Any, ...]]) -> list[PathReport]:
    by_path: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in found:
        by_path[row[0]].append(row)
    fields: dict[str, dict[tuple[str, str], FieldReport]] = defaultdict(dict)
    for path, verdict, client, at, detail, legacy_status, our_status in details:
        _add(fields[path], verdict, client, at, orjson.loads(detail), (legacy_status, our_status))
    reports = []
    for path, rows in sorted(by_path.items()):
        counts = Counter(row[2] for row in rows)
        timed = [row for row in rows if row[2] != "failed"]
        report = PathReport(
            path,
            {verdict: counts.get(verdict, 0) for verdict in VERDICTS},
            sum(row[1] == "app" for row in rows),
            p95([row[3] for row in timed]),
            p95([row[4] for row in timed]),
            sorted(fields[path].values(), key=lambda each: (each.verdict == "noise", -each.count, each.name)),
        )
        reports.append(report)
    return reports


def _add(
    fields: dict[tuple[str, str], FieldReport],
    verdict: str,
    client: str,
    at: datetime,
    detail: dict[str, Any],
    statuses: tuple[int, int],
) -> None:
    differing = detail["fields"]
    if verdict == "failed":
        ours = str(statuses[1]) if statuses[1] else "no answer"
        differing = [["@status", str(statuses[0]), ours]]
    for place, legacy, ours in differing:
        name = name_of(place)
        report = fields.setdefault((name, verdict), FieldReport(name, verdict))
        report.count += 1
        if len(report.samples) < MOST_SAMPLES:
            url, request_id, trace = detail["url"], detail["request_id"], detail["trace"]
            report.samples.append(
                Sample(place, legacy, ours, client, url, request_id, trace, f"{at:%Y-%m-%dT%H:%M:%SZ}")
            )
