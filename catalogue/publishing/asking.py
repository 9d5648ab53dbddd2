"""What an operator asks of the producer, and how far it is: by the tables alone, for one process writes the topic."""

from collections.abc import Iterable

from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from catalogue.source.versions import raise_versions
from common.database import rows, run

#: A whole load makes regions forget what it doesn't name: when so much is gone, somebody has to say so.
MOST_GONE = 0.1

COUNTS = (
    "SELECT (SELECT COUNT(*) FROM catalogue_release), (SELECT COUNT(*) FROM catalogue_published WHERE NOT is_takedown)"
)
VERSIONS = "SELECT release_id, version FROM catalogue_version WHERE release_id IN ({ids})"
KNOWN = """
SELECT release_id FROM catalogue_version WHERE release_id IN ({ids})
UNION SELECT release_id FROM catalogue_release WHERE release_id IN ({ids})"""
PLACES = """
SELECT release_id, version, partition_no, kafka_offset, is_takedown FROM catalogue_published
WHERE release_id IN ({ids})"""


class NotAllowed(Exception):
    """It isn't done as it was asked for; the message says why, and what to do."""


def ask_for_all(connection: Connection, operator: str, *, takes_fewer: bool = False) -> int:
    """Asks for a publication of everything; its number. Raises NotAllowed, MySQLdb.Error."""
    connection.rollback()
    ((now, before),) = rows(connection, COUNTS)
    assert isinstance(now, int)
    assert isinstance(before, int)
    if not takes_fewer and now < before * (1 - MOST_GONE):
        raise NotAllowed(
            f"The catalogue has {now} releases, and {before} are published: regions would forget {before - now}."
            " Look for the rest of the catalogue first; if it is right so, say --fewer."
        )
    run(connection, sql.ASK_LOAD, (operator,))
    ((number,),) = rows(connection, sql.LAST_ID)
    connection.commit()
    assert isinstance(number, int)
    return number


def load_state(connection: Connection, number: int) -> tuple[str, int, int]:
    """State of a load, how many releases it has, and how many of them are sent."""
    connection.rollback()
    ((state, releases, sent),) = rows(connection, sql.LOAD, (number,))
    return str(state), int(releases), int(sent)  # type: ignore[call-overload]


def ask_for_releases(connection: Connection, release_ids: Iterable[int]) -> dict[int, int]:
    """Asks for these albums; the version that each will have. Raises NotAllowed, MySQLdb.Error."""
    wanted = sorted(set(release_ids))
    ids = ",".join(str(int(each)) for each in wanted)
    connection.rollback()
    known = {row[0] for row in rows(connection, KNOWN.format(ids=ids))}
    if missing := [each for each in wanted if each not in known]:
        shown = ", ".join(map(str, missing))
        raise NotAllowed(f"The catalogue has never had release {shown}: nothing was published.")
    raise_versions(connection, wanted)
    found: dict[int, int] = dict(rows(connection, VERSIONS.format(ids=ids)))  # type: ignore[arg-type]
    connection.commit()
    return found


def places_of(connection: Connection, release_ids: Iterable[int]) -> dict[int, tuple[int, int, int, bool]]:
    """Of each release that is published: version, partition, offset, and whether it is a takedown."""
    ids = ",".join(str(int(each)) for each in sorted(set(release_ids)))
    connection.rollback()
    found = rows(connection, PLACES.format(ids=ids))
    return {row[0]: (row[1], row[2], row[3], bool(row[4])) for row in found}  # type: ignore[misc]


def adopt_topic(connection: Connection) -> None:
    """The topic is another one: nothing is published to it yet."""
    connection.rollback()
    run(connection, sql.FORGET_ALL)
    run(connection, sql.FORGET_SUMS)
    connection.commit()
