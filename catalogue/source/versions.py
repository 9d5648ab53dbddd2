"""Raises versions: a program that changes much of a release at once says so once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from MySQLdb.connections import Connection

from common.database import run

KEEP_STILL = "SET @catalogue_is_told = 1"
SPEAK = "SET @catalogue_is_told = NULL"
RAISE = """
INSERT INTO catalogue_version (release_id, version, changed_at) VALUES {values}
ON DUPLICATE KEY UPDATE version = catalogue_version.version + 1, changed_at = VALUES(changed_at)"""
RAISE_ABOVE = """
INSERT INTO catalogue_version (release_id, version, changed_at) VALUES (%s, %s + 1, UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE version = GREATEST(catalogue_version.version + 1, VALUES(version)),
  changed_at = VALUES(changed_at)"""
MOST_AT_ONCE = 1_000


@contextmanager
def telling_by_hand(connection: Connection) -> Iterator[None]:
    """Within, the triggers keep still: whoever changes a release has to call raise_versions(), in the transaction."""
    run(connection, KEEP_STILL)
    try:
        yield
    finally:
        if connection.open:
            run(connection, SPEAK)


def raise_versions(connection: Connection, release_ids: Iterable[int]) -> None:
    """Each release has changed; to be called last in the transaction that changes it. Raises MySQLdb.Error.

    In the order of the ids: two programs that raise the same releases don't wait for each other in a circle.
    """
    ids = sorted(set(release_ids))
    for start in range(0, len(ids), MOST_AT_ONCE):
        values = ",".join(f"({int(each)},1,UTC_TIMESTAMP(6))" for each in ids[start : start + MOST_AT_ONCE])
        run(connection, RAISE.format(values=values))


def raise_above(connection: Connection, release_id: int, version: int) -> None:
    """The release's next version is above one that somebody else has seen. Raises MySQLdb.Error."""
    run(connection, RAISE_ABOVE, (release_id, version))
