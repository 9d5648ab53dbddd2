"""A scratch database on disk for sums and comparisons, so that memory doesn't grow with the day."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAKE = """
CREATE TABLE play (client TEXT, stream TEXT, country TEXT, track_id INTEGER, play_mode TEXT, seconds INTEGER,
  user BLOB, hour INTEGER, played_day TEXT);
CREATE TABLE sent (client TEXT, stream TEXT, digest BLOB, booked INTEGER, topic_id TEXT, partition_no INTEGER,
  kafka_offset INTEGER, request_id BLOB, stored INTEGER, is_suspect INTEGER);
"""
ADD_PLAYS = "INSERT INTO play VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
ADD_SENT = "INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Users are compared byte by byte: no collation can think two of them equal.
SUMS = "COUNT(*), COALESCE(SUM(seconds), 0), COUNT(DISTINCT client || x'00' || user), COALESCE(SUM(seconds >= 30), 0)"
SUMMARY = """
SELECT client, stream, country, track_id, play_mode, COUNT(*), SUM(seconds), COUNT(DISTINCT user), SUM(seconds >= 30)
FROM play GROUP BY client, stream, country, track_id, play_mode
ORDER BY client, stream, country, track_id, play_mode
"""
IN_ORDER = """
SELECT client, stream, digest, booked, request_id, stored, is_suspect FROM sent
ORDER BY client, stream, digest, booked, topic_id, partition_no, kafka_offset
"""
BATCH_ROWS = 5_000


class Workbench:
    """Takes what is streamed from the snapshot, and answers after the snapshot is closed. Nothing of it is kept."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        # Cut off, it is made anew: it needs neither a journal nor a flush.
        self._database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + MAKE)
        self._plays: list[tuple[Any, ...]] = []

    def close(self) -> None:
        self._database.close()

    def add_play(self, row: tuple[Any, ...]) -> None:
        """Takes a row of play_log, as its query gives it."""
        received_at, played_at = row[6], row[7]
        when = (int(received_at[11:13]), played_at[:10])
        self._plays.append((row[0], row[1], row[8], row[9], row[12] or "", row[15], row[16], *when))
        if len(self._plays) >= BATCH_ROWS:
            self._flush()

    def add_sent(self, rows: Iterator[tuple[Any, ...]]) -> None:
        """Takes the requests among which repeats are looked for."""
        self._database.executemany(ADD_SENT, rows)

    def summary(self) -> Iterator[tuple[Any, ...]]:
        """Plays, seconds, listeners and plays of at least 30 s, by client, stream, country, track and mode."""
        self._flush()
        return iter(self._database.execute(SUMMARY))

    def sums_by(self, *columns: str) -> list[tuple[Any, ...]]:
        """The same sums by some of the table's columns, in their order; without any, one row of all plays."""
        self._flush()
        names = ", ".join(columns)
        # Names of our own columns, never a value.
        head, tail = (f"{names}, ", f" GROUP BY {names} ORDER BY {names}") if columns else ("", "")
        return list(self._database.execute(f"SELECT {head}{SUMS} FROM play{tail}"))  # noqa: S608

    def sent_in_order(self) -> Iterator[tuple[Any, ...]]:
        """Requests of equal content behind one another, in the order in which they were booked."""
        return iter(self._database.execute(IN_ORDER))

    def _flush(self) -> None:
        self._database.executemany(ADD_PLAYS, self._plays)
        self._plays.clear()
