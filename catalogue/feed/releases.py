"""Applies a feed's lines of releases."""

from collections.abc import Iterable, Mapping

from MySQLdb.connections import Connection

from catalogue.feed.lines import ReleaseLine
from catalogue.feed.places import (
    DOWNLOAD,
    Places,
    Shop,
    delete_unsold,
    find,
    name_artists,
    name_formats,
    sync,
)
from catalogue.feed.tables import LABEL, LICENSOR, PRICE, RELEASE, RIGHT, TRACK


def apply_releases(connection: Connection, shop: Shop, lines: Mapping[int, ReleaseLine | None]) -> set[int]:
    """Brings the tables to what the lines say, None: it is gone. The releases that changed. Raises MySQLdb.Error."""
    sold = [line for line in lines.values() if line is not None]
    touched = _sell(connection, shop, sold) if sold else set()
    gone = {number for number, line in lines.items() if line is None}
    return touched | (_take_away(connection, shop, gone) if gone else set())


def _sell(connection: Connection, shop: Shop, lines: list[ReleaseLine]) -> set[int]:
    name_artists(connection, lines)
    name_formats(connection, lines)
    LABEL.put_missing(connection, sorted({line.label for line in lines if line.label}))
    LICENSOR.put_missing(connection, sorted({(line.licensor_id, "") for line in lines if line.licensor_id}))
    ids = {line.release_id for line in lines}
    found = RELEASE.find(connection, "release_id", ids)
    touched = {row[0] for row in RELEASE.sync(connection, found, {(line.release_id,): line.row for line in lines})}
    wanted = Places()
    for line in lines:
        wanted.want_price(shop, (line.release_id, 0), line)
        wanted.want_right(shop, (line.release_id, 0), DOWNLOAD, line.sold_from)
    _sell_tracks(connection, shop, wanted, lines)
    there = find(connection, ids, shop.here("AND track_id = 0"))
    # The tracks' rights of download follow the release's day: they are found and wanted together with it.
    there.rights = RIGHT.find(connection, "release_id", ids, shop.here(f"AND usage_type = '{DOWNLOAD}'"))
    return touched | sync(connection, there, wanted)


def _sell_tracks(connection: Connection, shop: Shop, wanted: Places, lines: Iterable[ReleaseLine]) -> None:
    """A track's line has no day of its own: it is sold, where it has a price, from its release's day on."""
    days = {line.release_id: line.sold_from for line in lines}
    prices = PRICE.find(connection, "release_id", days, shop.here("AND track_id > 0"))
    for release_id, track_id in sorted({(row[0], row[1]) for row in prices.values()}):
        wanted.want_right(shop, (release_id, track_id), DOWNLOAD, days[release_id])


def _take_away(connection: Connection, shop: Shop, ids: set[int]) -> set[int]:
    """The releases and their tracks aren't sold in this country any more; what no country sells is deleted."""
    touched = sync(connection, find(connection, ids, shop.here()), Places())
    tracks = TRACK.find(connection, "release_id", ids)
    touched |= delete_unsold(connection, ids, {row[0] for row in tracks.values()})
    left = {row[0] for table in (RIGHT, PRICE) for row in table.find(connection, "release_id", ids).values()}
    found = RELEASE.find(connection, "release_id", ids - left)
    RELEASE.delete(connection, list(found))
    return touched | {row[0] for row in found.values()}
