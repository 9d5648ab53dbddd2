"""One line of a feed: a track, a release or an artist, as the feed of a country has it.

The columns are those of the files themselves (7digital/7d-feedmunch, Feeds/Schema and the samples beside its tests).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from catalogue.feed import values

T = TypeVar("T")


@dataclass(frozen=True)
class TrackLine:
    """A track; `price` None: not sold there. Each place of `row` is a column of catalogue_track, in order."""

    track_id: int
    release_id: int
    artist_id: int
    appears_as: str
    artist_slug: str | None
    row: tuple[Any, ...]
    formats: tuple[int, ...]
    price: Decimal | None
    recommended_price: Decimal | None
    streaming_from: datetime | None


@dataclass(frozen=True)
class ReleaseLine:
    """A release. Each place of `row` is a column of catalogue_release, in order."""

    release_id: int
    artist_id: int
    appears_as: str
    artist_slug: str | None
    label: tuple[int, str] | None
    licensor_id: int | None
    row: tuple[Any, ...]
    formats: tuple[int, ...]
    price: Decimal | None
    recommended_price: Decimal | None
    sold_from: datetime


@dataclass(frozen=True)
class ArtistLine:
    """An artist. Each place of `row` is a column of catalogue_artist, in order."""

    artist_id: int
    row: tuple[Any, ...]


Line = TrackLine | ReleaseLine | ArtistLine


class BadCell(Exception):
    """A cell breaks a rule; the message names the column and the rule."""


class Cells:
    """The cells of one line by column name, whatever its letters' case."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells

    def get(self, column: str, convert: Callable[[str], T]) -> T:
        """A cell's value. Raises BadCell."""
        try:
            return convert(self._cells.get(column.lower(), ""))
        except ValueError as error:
            raise BadCell(f"{column} {error}") from None

    def maybe(self, column: str, convert: Callable[[str], T]) -> T | None:
        """A cell's value; None for an empty cell. Raises BadCell."""
        return self.get(column, convert) if self._cells.get(column.lower(), "").strip() else None

    def text(self, column: str, most: int) -> str:
        """A cell as text. Raises BadCell."""
        return self.get(column, lambda cell: values.text(cell, most))

    def number(self, column: str, most: int) -> int | None:
        """A whole number from 0. Raises BadCell."""
        return self.maybe(column, lambda cell: values.whole(cell, 0, most))


def track_line(cells: Cells) -> TrackLine:
    """Raises BadCell."""
    track_id, release_id = cells.get("trackId", values.identity), cells.get("releaseId", values.identity)
    artist_id, appears_as = cells.get("artistId", values.identity), cells.text("artistAppearsAs", 500)
    url = cells.text("url", 500)
    row = (
        *(track_id, release_id, cells.get("title", values.title), cells.text("version", 255)),
        *(cells.text("type", 16).lower(), cells.maybe("isrc", values.isrc), cells.get("explicitContent", values.truth)),
        *(cells.number("trackNumber", 65_535) or 0, cells.number("discNumber", 65_535) or 1),
        *(artist_id, appears_as, cells.number("duration", values.MAX_ID), url or None, None),
        cells.maybe("popularity", values.money),
    )
    return TrackLine(
        track_id=track_id,
        release_id=release_id,
        artist_id=artist_id,
        appears_as=appears_as,
        artist_slug=values.slug_in(url, "artist"),
        row=row,
        formats=cells.get("formats", values.formats),
        price=cells.maybe("price", values.money),
        recommended_price=cells.maybe("rrp", values.money),
        streaming_from=cells.maybe("streamingReleaseDate", values.instant),
    )


def release_line(cells: Cells) -> ReleaseLine:
    """Raises BadCell."""
    release_id = cells.get("releaseId", values.identity)
    artist_id, appears_as = cells.get("artistId", values.identity), cells.text("artistAppearsAs", 500)
    label_id, licensor_id = cells.maybe("labelId", values.identity), cells.maybe("licensorId", values.identity)
    url = cells.text("url", 500)
    row = (
        *(release_id, cells.get("title", values.title), cells.text("version", 255), cells.text("type", 32)),
        *(cells.maybe("barcode", values.barcode), cells.number("year", 9999)),
        *(cells.get("explicitContent", values.truth), artist_id, appears_as, label_id, licensor_id),
        *(cells.number("duration", values.MAX_ID), cells.number("trackCount", 65_535)),
        *(values.slug_in(url, "release"), cells.text("image", 500) or None, url or None, cells.text("tags", 500)),
        *(None, None, cells.maybe("dateAdded", values.instant)),
    )
    return ReleaseLine(
        release_id=release_id,
        artist_id=artist_id,
        appears_as=appears_as,
        artist_slug=values.slug_in(url, "artist"),
        label=None if label_id is None else (label_id, cells.text("labelName", 255)),
        licensor_id=licensor_id,
        row=row,
        formats=cells.get("formats", values.formats),
        price=cells.maybe("price", values.money),
        recommended_price=cells.maybe("rrp", values.money),
        sold_from=cells.get("releaseDate", values.instant),
    )


def artist_line(cells: Cells) -> ArtistLine:
    """Raises BadCell."""
    artist_id, url = cells.get("artistId", values.identity), cells.text("url", 500)
    slug = values.slug_in(url, "artist") or values.slug_in(url, "artists")
    name = cells.get("name", lambda cell: values.text(values.title(cell), 255))
    return ArtistLine(artist_id, (artist_id, name, None, slug, cells.text("image", 500) or None, False))


#: By kind: the column that only its header has, and how a line is read.
KINDS: dict[str, tuple[str, Callable[[Cells], Line]]] = {
    "track": ("trackid", track_line),
    "release": ("barcode", release_line),
    "artist": ("name", artist_line),
}
