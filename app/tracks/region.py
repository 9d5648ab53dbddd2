"""Reads albums from the region's database, over a few connections that requests share."""

import queue
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import MySQLdb
import orjson
from MySQLdb.connections import Connection

from app.tracks.albums import Album, Away
from common.database import quick_rows

#: The server ends a connection that idles for longer than common.database.IDLE_SECONDS.
FRESH_SECONDS = 20.0
#: How long a request waits for a connection that others use.
WAIT_SECONDS = 1.0

RELEASE = "SELECT release_id, version, document FROM catalogue_release WHERE release_id = {id:d} AND state = 'live'"
#: A track that moves can be on two releases for a moment: the one that changed last is right.
TRACKS = """
SELECT t.track_id, r.release_id, r.version, r.document, r.changed_at FROM catalogue_track AS t
JOIN catalogue_release AS r USING (release_id) WHERE t.track_id IN ({ids}) AND r.state = 'live'"""


@dataclass
class _Kept:
    connection: Connection
    used_at: float


class RegionAlbums:
    """May be used from several threads."""

    def __init__(self, connect: Callable[[], Connection], most: int) -> None:
        self._connect = connect
        self._places: queue.LifoQueue[_Kept | None] = queue.LifoQueue()
        for _ in range(most):
            self._places.put(None)

    def of_tracks(self, track_ids: Iterable[int]) -> Mapping[int, Album]:
        """The album of each track that is on one. Raises Away."""
        wanted = sorted(set(track_ids))
        ids = ",".join(f"{each:d}" for each in wanted)
        albums: dict[int, Album] = {}
        found: dict[int, Album] = {}
        rows_found = self._ask(TRACKS.format(ids=ids))
        # Sorted here: a server sorts rows with documents through a file.
        rows_found.sort(key=lambda row: (row[4], row[1]))
        for track_id, release_id, version, document, _ in rows_found:
            if release_id not in albums:
                albums[release_id] = _album(release_id, version, document)
            found[track_id] = albums[release_id]
        return found

    def of_release(self, release_id: int) -> Album | None:
        """The release; None when there is none. Raises Away."""
        found = self._ask(RELEASE.format(id=release_id))
        return _album(*found[0]) if found else None

    def close(self) -> None:
        """Closes what isn't in use."""
        with suppress(queue.Empty):
            while True:
                kept = self._places.get_nowait()
                if kept is not None:
                    _close(kept.connection)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            kept = self._places.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Away("all connections are in use") from None
        try:
            kept, found = self._answer(kept, sql)
        except MySQLdb.Error as error:
            kept = None
            raise Away(f"database error {error.args[0] if error.args else '?'}") from None
        finally:
            self._places.put(kept)
        return found

    def _answer(self, kept: _Kept | None, sql: str) -> tuple[_Kept | None, list[tuple[Any, ...]]]:
        now = time.monotonic()
        if kept is not None and now - kept.used_at > FRESH_SECONDS:
            _close(kept.connection)
            kept = None
        if kept is None:
            connection = self._connect()
            # Each question sees what is committed now, and leaves nothing open.
            connection.autocommit(True)
            kept = _Kept(connection, now)
        try:
            found = quick_rows(kept.connection, sql)
        except MySQLdb.Error:
            _close(kept.connection)
            raise
        kept.used_at = now
        return kept, found


def _album(release_id: int, version: int, document: bytes) -> Album:
    return Album(release_id, version, orjson.loads(zlib.decompress(document)))


def _close(connection: Connection) -> None:
    with suppress(MySQLdb.Error):
        connection.close()
