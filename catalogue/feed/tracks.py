"""Applies a feed's lines of tracks."""

from collections.abc import Mapping

from MySQLdb.connections import Connection

from catalogue.feed.lines import TrackLine
from catalogue.feed.places import (
    DOWNLOAD,
    STREAMING,
    Places,
    Shop,
    delete_unsold,
    find,
    name_artists,
    name_formats,
    sync,
)
from catalogue.feed.tables import RIGHT, TRACK, Row


def apply_tracks(connection: Connection, shop: Shop, lines: Mapping[int, TrackLine | None]) -> set[int]:
    """Brings the tables to what the lines say, None: it is gone. The releases that changed. Raises MySQLdb.Error."""
    sold = {number: line for number, line in lines.items() if line is not None}
    gone = lines.keys() - sold.keys()
    name_artists(connection, sold.values())
    name_formats(connection, sold.values())
    before = TRACK.find(connection, "track_id", lines)
    found = {key: row for key, row in before.items() if key[0] in sold}
    changed = TRACK.sync(connection, found, {(number,): line.row for number, line in sold.items()})
    # A track that moves is news on both releases.
    touched = {row[1] for row in changed} | {before[row[:1]][1] for row in changed if row[:1] in before}
    releases = {row[1] for row in before.values()} | {line.release_id for line in sold.values()}
    if not releases:
        return touched
    touched |= sync(connection, _found(connection, shop, releases, lines), _wanted(connection, shop, sold))
    return touched | delete_unsold(connection, releases, gone)


def _found(connection: Connection, shop: Shop, releases: set[int], lines: Mapping[int, TrackLine | None]) -> Places:
    """What the lines speak of: of a track that is gone everything, of the others what a feed knows of rights."""
    tracks = ",".join(str(int(number)) for number in lines)
    there = find(connection, releases, shop.here(f"AND track_id IN ({tracks})"))
    known = {DOWNLOAD, STREAMING}
    there.rights = {key: row for key, row in there.rights.items() if key[2] in known or lines[key[1]] is None}
    return there


def _wanted(connection: Connection, shop: Shop, sold: Mapping[int, TrackLine]) -> Places:
    days = _download_days(connection, shop, {line.release_id for line in sold.values()})
    wanted = Places()
    for line in sold.values():
        place = (line.release_id, line.track_id)
        wanted.want_price(shop, place, line)
        if line.price is not None and line.release_id in days:
            wanted.want_right(shop, place, DOWNLOAD, days[line.release_id][4])
        if line.streaming_from is not None:
            wanted.want_right(shop, place, STREAMING, line.streaming_from)
    return wanted


def _download_days(connection: Connection, shop: Shop, releases: set[int]) -> dict[int, Row]:
    """The releases' own rights of download, of which a priced track's is a copy."""
    condition = shop.here(f"AND track_id = 0 AND usage_type = '{DOWNLOAD}'")
    return {row[0]: row for row in RIGHT.find(connection, "release_id", releases, condition).values()}
