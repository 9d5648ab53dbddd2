"""Reads releases from the catalogue's source tables, as the legacy API does: what is changed there, it says at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import MySQLdb
from MySQLdb.connections import Connection

from app.tracks.albums import Album, Away
from catalogue.source.snapshot import read_documents, snapshot
from common.database import any_rows

OF_TRACKS = """
SELECT t.track_id, t.release_id, v.version FROM catalogue_track AS t JOIN catalogue_version AS v USING (release_id)
WHERE t.track_id IN ({ids})"""
OF_RELEASES = "SELECT release_id, version FROM catalogue_version WHERE release_id IN ({ids})"
MOST_KEPT = 2_000

Document = Mapping[str, Any]
T = TypeVar("T")


class SourceAlbums:
    """As app.tracks.albums.Albums. A connection a thread; documents are kept by their version."""

    def __init__(self, connect: Callable[[], Connection], change: Callable[[Document], Document]) -> None:
        self._connect, self._change = connect, change
        self._local = threading.local()
        self._kept: OrderedDict[tuple[int, int], Document] = OrderedDict()
        self._lock = threading.Lock()

    def of_tracks(self, track_ids: Iterable[int]) -> Mapping[int, Album]:
        """The album of each track that is on one. Raises Away."""
        wanted = sorted(set(track_ids))
        found = self._ask(lambda connection: any_rows(connection, OF_TRACKS.format(ids=_list(wanted))))
        albums = self._albums({release_id: version for _, release_id, version in found})
        return {track_id: albums[release_id] for track_id, release_id, _ in found if release_id in albums}

    def of_release(self, release_id: int) -> Album | None:
        """The release; None when there is none. Raises Away."""
        found = self._ask(lambda connection: any_rows(connection, OF_RELEASES.format(ids=_list([release_id]))))
        return self._albums(dict(found)).get(release_id)

    def _albums(self, versions: Mapping[int, int]) -> dict[int, Album]:
        with self._lock:
            known = {
                each: self._kept[each, version] for each, version in versions.items() if (each, version) in self._kept
            }
        missing = [each for each in versions if each not in known]
        if missing:
            for release_id, document in self._ask(lambda connection: _read(connection, missing)).items():
                known[release_id] = document
                with self._lock:
                    self._kept[release_id, document["version"]] = document
                    while len(self._kept) > MOST_KEPT:
                        self._kept.popitem(last=False)
        return {
            each: Album(each, document["version"], self._change(document))
            for each, document in known.items()
            if "takedown" not in document
        }

    def _ask(self, work: Callable[[Connection], T]) -> T:
        try:
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = self._connect()
            found = work(connection)
            connection.rollback()
        except MySQLdb.Error as error:
            self._local.connection = None
            raise Away(f"database error {error.args[0] if error.args else '?'}") from None
        return found


def _read(connection: Connection, release_ids: list[int]) -> dict[int, Document]:
    with snapshot(connection):
        return dict(read_documents(connection, release_ids))


def _list(ids: Iterable[int]) -> str:
    return ",".join(f"{each:d}" for each in ids)
