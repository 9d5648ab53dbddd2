"""Stores a sample: a chunk of releases a transaction."""

from collections.abc import Callable
from datetime import datetime

from MySQLdb.connections import Connection

from catalogue.feed import tables
from catalogue.sample.make import make_releases
from catalogue.source.versions import raise_versions, telling_by_hand

CHUNK_RELEASES = 200


def store_sample(
    connection: Connection, releases: int, seed: int, today: datetime, tell: Callable[[int, int], None]
) -> None:
    """Writes so many releases; those that are there are written over. `tell` hears of releases and tracks.

    Raises MySQLdb.Error; killed in between, a second run writes the rest.
    """
    for start in range(0, releases, CHUNK_RELEASES):
        rows = make_releases(range(start, min(releases, start + CHUNK_RELEASES)), seed, today)
        connection.rollback()
        with telling_by_hand(connection):
            tables.ARTIST.put(connection, rows.artists.values())
            tables.LABEL.put(connection, rows.labels.values())
            tables.LICENSOR.put(connection, rows.licensors.values())
            tables.RELEASE.put(connection, rows.releases)
            tables.TRACK.put(connection, rows.tracks)
            tables.RIGHT.put(connection, rows.rights)
            tables.PRICE.put(connection, rows.prices)
            tables.FORMAT_OF_PRICE.put(connection, rows.formats)
            raise_versions(connection, [row[0] for row in rows.releases])
            connection.commit()
        tell(len(rows.releases), len(rows.tracks))
