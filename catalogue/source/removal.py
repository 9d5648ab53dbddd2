"""Takes releases out of the catalogue, with all that belongs to them."""

from collections.abc import Iterable

from MySQLdb.connections import Connection

from catalogue.source.versions import raise_versions, telling_by_hand
from common.database import rows, run

TABLES = ("catalogue_price_format", "catalogue_price", "catalogue_right", "catalogue_track", "catalogue_release")
THERE = "SELECT release_id FROM catalogue_release WHERE release_id IN ({ids}) FOR UPDATE"


def delete_releases(connection: Connection, release_ids: Iterable[int]) -> set[int]:
    """Deletes those that are there, in one transaction; which. Their versions stay, and become those of takedowns."""
    ids = ",".join(str(int(each)) for each in sorted(set(release_ids)))
    connection.rollback()
    with telling_by_hand(connection):
        found = {row[0] for row in rows(connection, THERE.format(ids=ids))}
        if found:
            gone = ",".join(str(each) for each in sorted(found))  # type: ignore[type-var]
            for table in TABLES:
                run(connection, f"DELETE FROM {table} WHERE release_id IN ({gone})")  # noqa: S608 - our own names
            raise_versions(connection, found)  # type: ignore[arg-type]
        connection.commit()
    return found  # type: ignore[return-value]
