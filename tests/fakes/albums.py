"""A catalogue that the test fills, in place of the region's database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.tracks.albums import Album, Away


class FakeAlbums:
    """Has the documents that the test puts in."""

    def __init__(self) -> None:
        self.albums: dict[int, Album] = {}
        self.is_away = False
        self.asked = 0

    def put(self, document: Mapping[str, Any]) -> Album:
        """A release, in place of an older one of the same id."""
        album = Album(document["id"], document["version"], document)
        self.albums[album.release_id] = album
        return album

    def of_tracks(self, track_ids: Iterable[int]) -> Mapping[int, Album]:
        self._ask()
        wanted = set(track_ids)
        return {
            track["id"]: album
            for album in self.albums.values()
            for track in album.document["tracks"]
            if track["id"] in wanted
        }

    def of_release(self, release_id: int) -> Album | None:
        self._ask()
        return self.albums.get(release_id)

    def _ask(self) -> None:
        self.asked += 1
        if self.is_away:
            raise Away("as the test says")


class FakeFollower:
    """Trusted, whole, and as fresh as the test says."""

    def __init__(self) -> None:
        self.as_of: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
        self.is_trusted = True
