"""Reads a feed file line by line: gzip or plain, full or of updates."""

import csv
import gzip
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalogue.feed.lines import KINDS, BadCell, Cells, Line

GZIP_MAGIC = b"\x1f\x8b"
ACTIONS = frozenset("UID")
#: What each kind's header must name; the rest may be missing, and is then empty.
MUST_HAVE = {
    "track": {"trackid", "releaseid", "title", "artistid"},
    "release": {"releaseid", "title", "artistid", "releasedate"},
    "artist": {"artistid", "name"},
}


class BadFeed(Exception):
    """The file is no feed. The message names the file and the rule."""


@dataclass(frozen=True)
class BadLine:
    """A line that can't be loaded, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class GoodLine:
    """A line: U (changed), I (new) or D (gone); in a full feed all are U."""

    number: int
    action: str
    line: Line


@dataclass(frozen=True)
class Feed:
    """What a file is: artist, release or track; of updates or full."""

    path: Path
    kind: str
    is_update: bool


def look_into(path: Path) -> Feed:
    """Finds out what a file is by its header. Raises BadFeed."""
    names = next(_rows(path), (0, []))[1]
    columns = {name.strip().lower() for name in names}
    for kind, (mark, _) in KINDS.items():
        if mark in columns:
            missing = sorted(MUST_HAVE[kind] - columns)
            if missing:
                raise BadFeed(f"{path}, line 1: a feed of {kind}s has a column {missing[0]}, and this one hasn't")
            return Feed(path, kind, "action" in columns)
    raise BadFeed(f"{path}, line 1: no header of a feed of artists, releases or tracks: it names {_some(names)}")


def read_lines(feed: Feed) -> Iterator[GoodLine | BadLine]:
    """Every line behind the header. Raises BadFeed when the file ends in the middle."""
    rows = _rows(feed.path)
    names = [name.strip().lower() for name in next(rows)[1]]
    read = KINDS[feed.kind][1]
    for number, row in rows:
        if not row:
            continue
        if len(row) != len(names):
            yield BadLine(number, f"has {len(row)} cells, and the header {len(names)}")
            continue
        cells = dict(zip(names, row, strict=True))
        action = cells.get("action", "U").upper()
        if action not in ACTIONS:
            yield BadLine(number, "action must be U, I or D")
            continue
        try:
            yield GoodLine(number, action, read(Cells(cells)))
        except BadCell as bad:
            yield BadLine(number, str(bad))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open("rb") as raw:
            is_gzip = raw.peek(2)[:2] == GZIP_MAGIC
            plain: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=raw) if is_gzip else raw
            with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
                reader = csv.reader(text, strict=True)
                for row in reader:
                    yield reader.line_num, row
    except (OSError, EOFError) as error:
        raise BadFeed(f"{path} can't be read to its end: {error}") from None
    except UnicodeDecodeError as error:
        raise BadFeed(f"{path} is not UTF-8: {error.reason}") from None
    except csv.Error as error:
        raise BadFeed(f"{path}, line {reader.line_num}: {error}") from None


def _some(names: list[str]) -> str:
    return ", ".join(itertools.islice((name[:20] for name in names), 5)) or "nothing"
