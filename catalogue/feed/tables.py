"""Brings rows of one table from what they are to what they should be, and says which rows that took."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows, run
from common.sql_rows import RowEncoder, statements

Row = tuple[Any, ...]
#: Rows, and bytes, of one statement.
MOST_ROWS, MOST_BYTES = 500, 500_000


@dataclass(frozen=True)
class Table:
    """A table whose first columns are its key."""

    name: str
    columns: tuple[str, ...]
    key_columns: int

    def key(self, row: Row) -> Row:
        """What the row is known by."""
        return row[: self.key_columns]

    def find(self, connection: Connection, column: str, numbers: Collection[int], also: str = "") -> dict[Row, Row]:
        """The rows in which a column has one of these numbers, by key. `also` is a condition of our own."""
        found: dict[Row, Row] = {}
        for part in _parts(sorted(numbers)):
            shown = ",".join(str(int(each)) for each in part)
            query = f"SELECT {', '.join(self.columns)} FROM {self.name} WHERE {column} IN ({shown}) {also}"  # noqa: S608
            found |= {self.key(row): row for row in rows(connection, query)}
        return found

    def sync(self, connection: Connection, found: Mapping[Row, Row], wanted: Mapping[Row, Row]) -> list[Row]:
        """Makes `found` into `wanted`; the rows that were written or deleted. Raises MySQLdb.Error."""
        changed = [row for key, row in wanted.items() if found.get(key) != row]
        gone = [row for key, row in found.items() if key not in wanted]
        self.put(connection, changed)
        self.delete(connection, [self.key(row) for row in gone])
        return [*changed, *gone]

    def put(self, connection: Connection, changed: Iterable[Row]) -> None:
        """Writes rows over those of the same key."""
        others = self.columns[self.key_columns :] or self.columns[:1]
        over = ", ".join(f"{column} = VALUES({column})" for column in others)
        head = f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES "  # noqa: S608 - our own names
        encoder = RowEncoder(connection.escape_string)
        encoded = [encoder.row(row) for row in changed]
        for sql, _ in statements(head.encode(), encoded, MOST_BYTES, f" ON DUPLICATE KEY UPDATE {over}".encode()):
            run(connection, sql)

    def put_missing(self, connection: Connection, wanted: Collection[Row]) -> None:
        """Writes rows whose key, one number, isn't there yet; what is there stays."""
        there = self.find(connection, self.columns[0], {row[0] for row in wanted})
        # Somebody else may write the same one meanwhile: then it is right as well.
        self.put(connection, [row for row in wanted if self.key(row) not in there])

    def delete(self, connection: Connection, keys: Sequence[Row]) -> None:
        """Deletes the rows of these keys."""
        columns = ", ".join(self.columns[: self.key_columns])
        marks = f"({','.join(['%s'] * self.key_columns)})"
        for part in _parts(list(keys)):
            sql = f"DELETE FROM {self.name} WHERE ({columns}) IN ({','.join([marks] * len(part))})"  # noqa: S608
            run(connection, sql, tuple(value for key in part for value in key))


def _parts(whole: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (whole[start : start + MOST_ROWS] for start in range(0, len(whole), MOST_ROWS))


ARTIST = Table("catalogue_artist", ("artist_id", "name", "sort_name", "slug", "image", "is_placeholder_image"), 1)
ARTIST_NAME = Table("catalogue_artist", ("artist_id", "name", "slug"), 1)
LABEL = Table("catalogue_label", ("label_id", "name"), 1)
LICENSOR = Table("catalogue_licensor", ("licensor_id", "name"), 1)
RELEASE = Table(
    "catalogue_release",
    (
        *("release_id", "title", "version_title", "type", "barcode", "year", "is_explicit", "artist_id", "appears_as"),
        *("label_id", "licensor_id", "duration_seconds", "track_count", "slug", "image", "url", "genres", "cline"),
        *("pline", "added_at"),
    ),
    1,
)
TRACK = Table(
    "catalogue_track",
    (
        *("track_id", "release_id", "title", "version_title", "type", "isrc", "is_explicit", "track_number"),
        *("disc_number", "artist_id", "appears_as", "duration_seconds", "url", "pline", "popularity"),
    ),
    1,
)
RIGHT = Table(
    "catalogue_right",
    ("release_id", "track_id", "usage_type", "country", "starts_at", "ends_at", "preview_at"),
    5,
)
PRICE = Table(
    "catalogue_price",
    ("release_id", "track_id", "country", "package_id", "currency", "price", "recommended_price"),
    4,
)
FORMAT_OF_PRICE = Table("catalogue_price_format", ("release_id", "track_id", "country", "package_id", "format_id"), 5)
FORMAT = Table("catalogue_format", ("format_id", "description"), 1)
