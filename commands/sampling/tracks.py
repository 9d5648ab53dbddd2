"""Where the track ids of a sample come from: a file of the catalogue, or made-up numbers."""

import csv
import gzip
import io
import random
from collections.abc import Iterator
from pathlib import Path

from commands.sampling.weights import Weighted, zipf

MAX_TRACK_ID = 2**31 - 1
EXPONENT = 0.95
MADE_UP_TRACKS = 20_000
MADE_UP_MAX = 40_000_000
GZIP_MAGIC = b"\x1f\x8b"


class BadTrackFile(Exception):
    """The file holds no usable track ids. The message names the file, the line and the rule."""


def make_tracks(rng: random.Random) -> Weighted[int]:
    """Made-up track ids."""
    return zipf(rng.sample(range(1, MADE_UP_MAX), MADE_UP_TRACKS), EXPONENT)


def tracks_from(path: Path, rng: random.Random) -> Weighted[int]:
    """The ids in a file, in an order of popularity that is drawn here: its own order says nothing of that."""
    ids = read_track_ids(path)
    rng.shuffle(ids)
    return zipf(ids, EXPONENT)


def read_track_ids(path: Path) -> list[int]:
    """The distinct ids, in the file's order. Plain or gzip; one id a line, or CSV with a header that names `trackId`.

    In a feed of updates a row whose `action` is D takes a track away, and is left out. Raises BadTrackFile.
    """
    try:
        with path.open("rb") as raw:
            is_gzip = raw.peek(2)[:2] == GZIP_MAGIC
            plain = gzip.GzipFile(fileobj=raw) if is_gzip else raw
            with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
                ids = list(dict.fromkeys(_ids(path, text)))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadTrackFile(f"{path} can't be read: {error}") from error
    if not ids:
        raise BadTrackFile(f"{path} holds no track id: write one a line, or a CSV with a column trackId")
    return ids


def _ids(path: Path, text: io.TextIOWrapper) -> Iterator[int]:
    rows = csv.reader(text)
    first = next((row for row in rows if row), [])
    names = [cell.strip().lower().replace("_", "").replace(" ", "") for cell in first]
    if "trackid" in names:
        column, action = names.index("trackid"), names.index("action") if "action" in names else None
    else:
        column, action = 0, None
        if first:
            yield _track_id(path, rows.line_num, first[0])
    for row in rows:
        if not row:
            continue
        if len(row) <= max(column, action or 0):
            raise BadTrackFile(f"{path}:{rows.line_num}: the row has fewer cells than the header")
        if action is None or row[action].strip().upper() != "D":
            yield _track_id(path, rows.line_num, row[column])


def _track_id(path: Path, line: int, cell: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= MAX_TRACK_ID):
        raise BadTrackFile(
            f"{path}:{line}: a track id must be a whole number from 1 to {MAX_TRACK_ID}."
            " Write one a line, or a CSV with a header that names trackId."
        )
    return int(text)
