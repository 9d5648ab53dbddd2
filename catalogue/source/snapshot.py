"""Reads whole releases as of one moment: what belongs together was true together."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from MySQLdb.connections import Connection

from catalogue.source import queries
from catalogue.source.documents import Source, documents_of
from common.database import rows, run


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """All that is read within belongs to one moment of the database. Raises MySQLdb.Error."""
    connection.rollback()
    run(connection, queries.LONG_LISTS)
    run(connection, queries.REPEATABLE_READ)
    run(connection, queries.BEGIN)
    yield
    connection.rollback()


def read_documents(connection: Connection, release_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Each release's document, by id: whole, or a takedown where the release is gone but once was.

    An id that never was is left out. To be called within snapshot(). Raises MySQLdb.Error.
    """
    ids = sorted(set(release_ids))
    if not ids:
        return {}
    shown = ",".join(str(int(each)) for each in ids)

    def found(query: str) -> Sequence[tuple[Any, ...]]:
        return rows(connection, query.format(ids=shown))

    source = Source(
        releases=found(queries.RELEASES),
        tracks=found(queries.TRACKS),
        rights=found(queries.RIGHTS),
        prices=found(queries.PRICES),
        formats=dict(rows(connection, queries.FORMATS)),  # type: ignore[arg-type]
    )
    return documents_of(source)
