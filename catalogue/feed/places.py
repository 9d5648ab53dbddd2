"""Rights, prices and formats in one country: those that are found, and those that are wanted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from MySQLdb.connections import Connection

from catalogue.feed.lines import ReleaseLine, TrackLine
from catalogue.feed.tables import ARTIST_NAME, FORMAT, FORMAT_OF_PRICE, PRICE, RIGHT, TRACK, Row

#: A feed knows one package: what the platform's shop sells as standard.
STANDARD_PACKAGE = 2
DOWNLOAD, STREAMING = "download", "subscriptionStreaming"
#: Of a release or a track; track 0 is the release itself.
Place = tuple[int, int]


@dataclass(frozen=True)
class Shop:
    """Whose feed it is: the country, and the currency of its prices."""

    country: str
    currency: str

    def here(self, also: str = "") -> str:
        """A condition of queries: in this country."""
        return f"AND country = '{self.country}' {also}"


@dataclass
class Places:
    """Rows of the three tables by key."""

    rights: dict[Row, Row] = field(default_factory=dict)
    prices: dict[Row, Row] = field(default_factory=dict)
    formats: dict[Row, Row] = field(default_factory=dict)

    def want_price(self, shop: Shop, place: Place, line: TrackLine | ReleaseLine) -> None:
        """What a line says of price and formats."""
        if line.price is not None:
            key = (*place, shop.country, STANDARD_PACKAGE)
            self.prices[key] = (*key, shop.currency, line.price, line.recommended_price)
            self.formats |= {(*key, each): (*key, each) for each in line.formats}

    def want_right(self, shop: Shop, place: Place, usage_type: str, starts_at: datetime) -> None:
        """A right without an end: feeds know none."""
        row = (*place, usage_type, shop.country, starts_at, None, None)
        self.rights[RIGHT.key(row)] = row


def find(connection: Connection, release_ids: Collection[int], condition: str) -> Places:
    """What there is of these releases and their tracks."""
    tables = (RIGHT, PRICE, FORMAT_OF_PRICE)
    return Places(*(table.find(connection, "release_id", release_ids, condition) for table in tables))


def sync(connection: Connection, found: Places, wanted: Places) -> set[int]:
    """Makes the one into the other; the releases of which something changed."""
    changed = [
        *RIGHT.sync(connection, found.rights, wanted.rights),
        *PRICE.sync(connection, found.prices, wanted.prices),
        *FORMAT_OF_PRICE.sync(connection, found.formats, wanted.formats),
    ]
    return {row[0] for row in changed}


def name_artists(connection: Connection, lines: Iterable[TrackLine | ReleaseLine]) -> None:
    """Artists whom no feed of artists has named are called as they appear."""
    names = {line.artist_id: (line.artist_id, line.appears_as[:255], line.artist_slug) for line in lines}
    ARTIST_NAME.put_missing(connection, [names[each] for each in sorted(names)])


def name_formats(connection: Connection, lines: Iterable[TrackLine | ReleaseLine]) -> None:
    """Formats that nobody has described yet have no description."""
    FORMAT.put_missing(connection, [(each, "") for each in sorted({each for line in lines for each in line.formats})])


def delete_unsold(connection: Connection, release_ids: set[int], track_ids: Iterable[int]) -> set[int]:
    """Deletes those of the tracks that no country sells; the releases that lost one."""
    sold = {row[1] for table in (RIGHT, PRICE) for row in table.find(connection, "release_id", release_ids).values()}
    found = TRACK.find(connection, "track_id", set(track_ids) - sold)
    TRACK.delete(connection, list(found))
    return {row[1] for row in found.values()}
