"""Writes files that are the same bytes whenever they are made from the same data, and are on disk when they say so."""

import csv
import gzip
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.usage import ERRORS, LINE_END

CHUNK_BYTES = 1 << 20
#: Named here so that a new default of Python's wouldn't change the bytes. 84 MB take 0.54 s of CPU at 3,
#: 1.10 s at 6, which would make them a tenth smaller.
GZIP_LEVEL = 3

SUMMARY = "summary.csv"
SUMMARY_COLUMNS = (
    "client",
    "stream",
    "country",
    "track_id",
    "play_mode",
    "plays",
    "seconds",
    "listeners",
    "plays_30s",
)


@dataclass(frozen=True)
class Made:
    """A finished file: what the manifest says of it."""

    name: str
    sha256: str
    bytes: int
    rows: int


def compress(source: Path, rows: int) -> Made:
    """Replaces a file by its gzip, without name and time in the header."""
    target = source.with_name(f"{source.name}.gz")
    with source.open("rb") as plain, target.open("wb") as raw:
        with gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as packed:
            while chunk := plain.read(CHUNK_BYTES):
                packed.write(chunk)
        sync(raw.fileno())
    source.unlink()
    return describe(target, rows)


def write_summary(folder: Path, rows: Iterable[tuple[Any, ...]]) -> Made:
    """Writes summary.csv."""
    path, count = folder / SUMMARY, 0
    with path.open("w", encoding="utf-8", errors=ERRORS, newline="") as opened:
        writer = csv.writer(opened, lineterminator=LINE_END)
        writer.writerow(SUMMARY_COLUMNS)
        for row in rows:
            writer.writerow(row)
            count += 1
        opened.flush()
        sync(opened.fileno())
    return describe(path, count)


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a small file and waits until it is on disk."""
    with path.open("wb") as opened:
        opened.write(data)
        opened.flush()
        sync(opened.fileno())


def describe(path: Path, rows: int) -> Made:
    """Reads a finished file's size and SHA-256."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256")
    return Made(path.name, digest.hexdigest(), path.stat().st_size, rows)


def sync(descriptor: int) -> None:
    """Waits until a file is on disk."""
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
