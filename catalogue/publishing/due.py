"""What one turn of the producer publishes, read as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from catalogue.publishing.books import published
from catalogue.source.snapshot import read_documents, snapshot
from common.database import rows

#: Releases in one turn: few enough that a change waits for no more than a moment behind those of a whole load.
MOST_RELEASES = 200
MOST_CHANGES = 2_000


@dataclass(frozen=True)
class OpenLoad:
    """The whole load that is asked for or runs, and the release id from which it goes on."""

    number: int
    state: str
    next_release_id: int


@dataclass
class Due:
    """What one turn publishes, all of one moment."""

    #: The moment before the snapshot: every change committed before it was seen.
    as_of: datetime
    changes: dict[int, int] = field(default_factory=dict)
    load: OpenLoad | None = None
    load_ids: list[int] = field(default_factory=list)
    documents: dict[int, dict[str, Any]] = field(default_factory=dict)
    known: Mapping[int, tuple[int, bytes]] = field(default_factory=dict)
    oldest_left: datetime | None = None


def read_due(connection: Connection) -> Due:
    """Changes first, then releases of the load that runs. Raises MySQLdb.Error."""
    connection.rollback()
    due = Due(_now(connection))
    with snapshot(connection):
        found = rows(connection, sql.DUE, (MOST_CHANGES,))
        changed = list(dict.fromkeys(row[1] for row in found))[:MOST_RELEASES]
        if named := ",".join(str(each) for each in changed):
            due.changes = dict(rows(connection, sql.CHANGES_OF.format(ids=named)))  # type: ignore[arg-type]
        due.load = open_load(connection)
        if due.load and due.load.state == "running":
            given = (due.load.next_release_id, max(1, MOST_RELEASES - len(changed)))
            due.load_ids = [row[0] for row in rows(connection, sql.NEXT_OF_LOAD, given)]  # type: ignore[misc]
        wanted = {*due.changes.values(), *due.load_ids}
        due.documents = read_documents(connection, wanted)
        due.known = published(connection, wanted)
        ids = ",".join(str(each) for each in due.changes) or "0"
        ((oldest,),) = rows(connection, sql.OLDEST_BUT_THESE.format(ids=ids))
        due.oldest_left = oldest.replace(tzinfo=UTC) if isinstance(oldest, datetime) else None
    return due


def _now(connection: Connection) -> datetime:
    ((now,),) = rows(connection, sql.NOW)
    assert isinstance(now, datetime)
    return now.replace(tzinfo=UTC)


def as_of_now(connection: Connection) -> datetime:
    """The moment up to which all is published when nothing is due."""
    now = _now(connection)
    connection.rollback()
    ((oldest, _),) = rows(connection, sql.OLDEST_LEFT)
    connection.rollback()
    return min(now, oldest.replace(tzinfo=UTC)) if isinstance(oldest, datetime) else now


def open_load(connection: Connection) -> OpenLoad | None:
    found = rows(connection, sql.OPEN_LOAD)
    return OpenLoad(*found[0]) if found else None  # type: ignore[arg-type]
