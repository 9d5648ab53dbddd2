"""Applies lines of one country's feed to the tables: what is as it was isn't touched, and gets no new version."""

from collections.abc import Mapping, Sequence

from MySQLdb.connections import Connection

from catalogue.feed.lines import ArtistLine, ReleaseLine, TrackLine
from catalogue.feed.places import Shop
from catalogue.feed.reader import GoodLine
from catalogue.feed.releases import apply_releases
from catalogue.feed.tables import ARTIST
from catalogue.feed.tracks import apply_tracks
from catalogue.source.versions import raise_versions, telling_by_hand
from common.database import rows

RELEASES_OF_ARTISTS = """
SELECT release_id FROM catalogue_release WHERE artist_id IN ({ids})
UNION SELECT release_id FROM catalogue_track WHERE artist_id IN ({ids})"""


class Applier:
    """Applies chunks of lines, each in one transaction.

    A feed is of one country. What it doesn't sell there any more keeps what other countries' feeds say; what no country
    sells is deleted.
    """

    def __init__(self, connection: Connection, shop: Shop) -> None:
        self._connection, self._shop = connection, shop

    def apply(self, lines: Sequence[GoodLine]) -> int:
        """Brings the tables to what the lines say, the last of each id; how many releases changed.

        Raises MySQLdb.Error; nothing of the chunk is stored then.
        """
        self._connection.rollback()
        with telling_by_hand(self._connection):
            touched = self._apply(lines)
            raise_versions(self._connection, touched)
            self._connection.commit()
        return len(touched)

    def _apply(self, lines: Sequence[GoodLine]) -> set[int]:
        tracks: dict[int, TrackLine | None] = {}
        releases: dict[int, ReleaseLine | None] = {}
        artists: dict[int, ArtistLine] = {}
        for each in lines:
            is_gone = each.action == "D"
            match each.line:
                case TrackLine() as track:
                    tracks[track.track_id] = None if is_gone else track
                case ReleaseLine() as release:
                    releases[release.release_id] = None if is_gone else release
                case ArtistLine() as artist:
                    # One who is gone has no releases any more; the name does no harm.
                    artists |= {} if is_gone else {artist.artist_id: artist}
        touched = self._apply_artists(artists) if artists else set()
        touched |= apply_releases(self._connection, self._shop, releases) if releases else set()
        return touched | (apply_tracks(self._connection, self._shop, tracks) if tracks else set())

    def _apply_artists(self, lines: Mapping[int, ArtistLine]) -> set[int]:
        found = ARTIST.find(self._connection, "artist_id", lines)
        changed = ARTIST.sync(self._connection, found, {(line.artist_id,): line.row for line in lines.values()})
        ids = ",".join(str(row[0]) for row in changed)
        if not ids:
            return set()
        return {row[0] for row in rows(self._connection, RELEASES_OF_ARTISTS.format(ids=ids))}  # type: ignore[misc]
