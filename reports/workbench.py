"""Scratch databases on disk for sums and comparisons, so that memory doesn't grow with the day. Nothing is kept."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reports.usage import COLUMNS

#: What DuckDB may keep in memory; beyond it, it works on the disk: with 128 MB a million rows took twice as long.
PLAYS_MEMORY = "192MB"
READ_PLAYS = """
CREATE TABLE play AS
SELECT client, stream, country, CAST(track_id AS BIGINT) AS track_id, play_mode,
  CAST(total_time_played AS BIGINT) AS seconds, nullif(user_id, '') AS listener,
  CAST(substr(received_at, 12, 2) AS INTEGER) AS hour, substr(played_at, 1, 10) AS played_day
FROM read_csv($paths, columns = $columns, header = true, auto_detect = false, delim = ',',
  quote = '"', escape = '"', force_not_null = $names)
"""
NO_PLAYS = """
CREATE TABLE play (client VARCHAR, stream VARCHAR, country VARCHAR, track_id BIGINT, play_mode VARCHAR, seconds BIGINT,
  listener VARCHAR, hour INTEGER, played_day VARCHAR)
"""
SUMS = "COUNT(*), COALESCE(SUM(seconds), 0), COUNT(DISTINCT {who}), COUNT(*) FILTER (seconds >= 30)"
#: Listeners of different clients are different.
ANYBODY = "CASE WHEN listener IS NOT NULL THEN (client, listener) END"
MOST_PLAYED = "SELECT {column}, {sums} FROM play GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT ?"
TRACK_IDS = "SELECT DISTINCT track_id FROM play WHERE track_id > ? ORDER BY track_id LIMIT ?"
MAKE_ARTISTS = "CREATE TABLE artist (track_id BIGINT, artist_id BIGINT, artist VARCHAR)"
NAME_ARTISTS = "INSERT INTO artist SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[])"
TOP_ARTISTS = """
SELECT artist_id, any_value(artist), {sums} FROM play JOIN artist USING (track_id)
GROUP BY artist_id ORDER BY count(*) DESC, artist_id LIMIT ?
"""
GROUP = "client, stream, country, track_id, play_mode"

MAKE_SENT = """
CREATE TABLE sent (client TEXT, stream TEXT, digest BLOB, booked INTEGER, topic_id TEXT, partition_no INTEGER,
  kafka_offset INTEGER, request_id BLOB, stored INTEGER, is_suspect INTEGER);
"""
ADD_SENT = "INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
IN_ORDER = """
SELECT client, stream, digest, booked, request_id, stored, is_suspect FROM sent
ORDER BY client, stream, digest, booked, topic_id, partition_no, kafka_offset
"""
FETCH_ROWS = 5_000
COPY_BYTES = 1 << 20


class SumsFailed(OSError):
    """The day's sums couldn't be made; the message holds no row's values."""


@contextmanager
def _summing() -> Iterator[None]:
    # Imported where it works: it takes as long as all else of a word that only looks at reports.
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        kind = type(error).__name__
        raise SumsFailed(f"the day's sums failed ({kind}): is the disk under REPORT_DIR full?") from None


class Workbench:
    """Takes what was read in the snapshot, and answers after it is closed. Methods about plays raise SumsFailed.

    The plays are read from the very files that partners get, by DuckDB, which sums a million in a second. Requests
    come one by one and leave in order: SQLite's work.
    """

    def __init__(self, folder: Path) -> None:
        import duckdb

        self._sent = sqlite3.connect(folder / "sent.sqlite")
        # Cut off, it is made anew: it needs neither a journal nor a flush.
        self._sent.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + MAKE_SENT)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": PLAYS_MEMORY,
            "temp_directory": str(folder / "spilled"),
            # It would ask its makers' server for parts that it hasn't.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._plays = duckdb.connect(":memory:", config=settings)
        self._plays.execute(MAKE_ARTISTS)

    def close(self) -> None:
        self._sent.close()
        self._plays.close()

    def read_plays(self, paths: Sequence[Path]) -> None:
        """Reads the usage files, before they are compressed."""
        import duckdb

        with _summing():
            if not paths:
                self._plays.execute(NO_PLAYS)
                return
            try:
                self._read(paths)
            except duckdb.InvalidInputException:
                # An id that isn't UTF-8, which no partner can have sent.
                self._read([_as_characters(path) for path in paths])

    def _read(self, paths: Sequence[Path]) -> None:
        columns = dict.fromkeys(COLUMNS, "VARCHAR")
        values = {"paths": [str(path) for path in paths], "columns": columns, "names": list(COLUMNS)}
        self._plays.execute(READ_PLAYS, values)

    def add_sent(self, rows: Iterator[tuple[Any, ...]]) -> None:
        """Takes the requests among which repeats are looked for."""
        self._sent.executemany(ADD_SENT, rows)

    def summary(self) -> Iterator[tuple[Any, ...]]:
        """Plays, seconds, listeners and plays of at least 30 s, by client, stream, country, track and mode."""
        sums = SUMS.format(who="listener")
        with _summing():
            found = self._plays.execute(f"SELECT {GROUP}, {sums} FROM play GROUP BY {GROUP} ORDER BY {GROUP}")  # noqa: S608
            while rows := found.fetchmany(FETCH_ROWS):
                yield from rows

    def sums_by(self, *columns: str) -> list[tuple[Any, ...]]:
        """The same sums by some of the table's columns, in their order; without any, one row of all plays.

        Listeners are told apart by client and id.
        """
        names = ", ".join(columns)
        # Names of our own columns, never a value.
        head, tail = (f"{names}, ", f" GROUP BY {names} ORDER BY {names}") if columns else ("", "")
        sums = SUMS.format(who=ANYBODY)
        with _summing():
            return self._plays.execute(f"SELECT {head}{sums} FROM play{tail}").fetchall()  # noqa: S608

    def most_played(self, column: str, most: int) -> list[tuple[Any, ...]]:
        """The same sums of the groups with the most plays; among equals, in the order of the column."""
        sums = SUMS.format(who=ANYBODY)
        with _summing():
            return self._plays.execute(MOST_PLAYED.format(column=column, sums=sums), (most,)).fetchall()

    def tracks(self) -> int:
        """How many different tracks were played."""
        with _summing():
            ((number,),) = self._plays.execute("SELECT count(DISTINCT track_id) FROM play").fetchall()
            return int(number)

    def track_ids(self, most: int) -> Iterator[list[int]]:
        """The different tracks, so many at a time, in order."""
        last = 0
        while True:
            with _summing():
                found = self._plays.execute(TRACK_IDS, (last, most)).fetchall()
            if not found:
                return
            yield [row[0] for row in found]
            last = found[-1][0]

    def name_artists(self, found: Sequence[tuple[int, int, str]]) -> None:
        """Says whose tracks are: the track, its artist's id and name."""
        columns = [list(each) for each in zip(*found, strict=True)] or [[], [], []]
        with _summing():
            self._plays.execute(NAME_ARTISTS, columns)

    def top_artists(self, most: int) -> list[tuple[Any, ...]]:
        """Id, name and the same sums of the artists with the most plays, of those that were named."""
        with _summing():
            return self._plays.execute(TOP_ARTISTS.format(sums=SUMS.format(who=ANYBODY)), (most,)).fetchall()

    def known_plays(self) -> int:
        """The plays of tracks whose artist was named."""
        with _summing():
            ((number,),) = self._plays.execute("SELECT count(*) FROM play JOIN artist USING (track_id)").fetchall()
            return int(number)

    def sent_in_order(self) -> Iterator[tuple[Any, ...]]:
        """Requests of equal content behind one another, in the order in which they were booked."""
        return iter(self._sent.execute(IN_ORDER))


def _as_characters(path: Path) -> Path:
    """A copy in which each byte has become a character: still different where the bytes are."""
    copy = path.with_suffix(".characters")
    with path.open("rb") as plain, copy.open("wb") as out:
        while chunk := plain.read(COPY_BYTES):
            out.write(chunk.decode("latin-1").encode())
    return copy
