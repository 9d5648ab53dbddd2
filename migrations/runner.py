"""Brings one database to the version of the code: each migration once, in order, never two runs at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import MySQLdb
from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import rows, run
from common.locks import named_lock
from migrations.files import BadMigrations, Migration

LOCK_SECONDS = 60

CREATE_BOOK = """
CREATE TABLE IF NOT EXISTS schema_migration (
  number SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256 BINARY(32) NOT NULL,
  statements_started SMALLINT UNSIGNED NOT NULL,
  statements_done SMALLINT UNSIGNED NOT NULL,
  applied_at DATETIME(6) NULL,
  oldest_code SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (number)
) ENGINE = InnoDB
"""
#: Books of before have no such column.
HAS_OLDEST_CODE = "SHOW COLUMNS FROM schema_migration LIKE 'oldest_code'"
ADD_OLDEST_CODE = "ALTER TABLE schema_migration ADD COLUMN oldest_code SMALLINT UNSIGNED NOT NULL DEFAULT 0"
READ_BOOK = (
    "SELECT number, name, sha256, statements_started, statements_done, applied_at IS NOT NULL, {oldest_code}"
    " FROM schema_migration ORDER BY number"
)
OPEN_ENTRY = (
    "INSERT INTO schema_migration (number, name, sha256, oldest_code, statements_started, statements_done)"
    " VALUES (%s, %s, %s, %s, 0, 0)"
    " ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256), oldest_code = VALUES(oldest_code)"
)
SAVE_PROGRESS = "UPDATE schema_migration SET statements_started = %s, statements_done = %s WHERE number = %s"
CLOSE_ENTRY = "UPDATE schema_migration SET applied_at = %s WHERE number = %s"

#: Table, column or key exists, or is gone already: a statement that was cut off had in fact been done.
ALREADY_DONE = frozenset({1050, 1060, 1061, 1091})


@dataclass(frozen=True)
class Entry:
    """What a database remembers of a migration. DDL can't be rolled back, so it remembers each statement."""

    number: int
    name: str
    sha256: bytes
    started: int
    done: int
    is_applied: bool
    oldest_code: int = 0


def pending(migrations: Sequence[Migration], book: Sequence[Entry]) -> list[tuple[Migration, Entry | None]]:
    """What is still to be applied, with the entry of one that was cut off. Raises BadMigrations.

    A database may be newer than the code: a version that went back works on what the newer one added.
    """
    entries = {entry.number: entry for entry in book}
    for each in book:
        if each.oldest_code > len(migrations):
            raise BadMigrations(
                f"{each.name} took away what this version needs: it ends at {len(migrations):04}, and"
                f" {each.oldest_code:04} is the least. Run a newer version; nothing is ever migrated down."
            )
    for migration in migrations:
        entry = entries.get(migration.number)
        # One that never got through its first statement may be corrected.
        if entry and entry.sha256 != migration.sha256 and (entry.is_applied or entry.done):
            raise BadMigrations(
                f"{migration.name} was edited after it had been applied: put the old text back, and make a new file."
            )
    applied = {entry.number for entry in book if entry.is_applied}
    if applied != set(range(1, len(applied) + 1)):
        raise BadMigrations("schema_migration has a gap: a migration was applied out of order. Restore the table.")
    return [(each, entries.get(each.number)) for each in migrations if each.number not in applied]


def migrate(connection: Connection, migrations: Sequence[Migration], clock: Clock, tell: Callable[[str], None]) -> int:
    """Applies what is pending; returns how many. Raises BadMigrations, LockTaken, or MySQLdb.Error.

    A run that is cut off in the middle of a file goes on there the next time.
    """
    schema = rows(connection, "SELECT DATABASE()")[0][0]
    with named_lock(connection, f"playlog:migrate:{schema}", LOCK_SECONDS):
        run(connection, CREATE_BOOK)
        if not rows(connection, HAS_OLDEST_CODE):
            run(connection, ADD_OLDEST_CODE)
        book = read_book(connection)
        todo = pending(migrations, book)
        if len(book) > len(migrations):
            tell(f"{schema}: {book[-1].name} is newer than this version, which goes on with what it knows")
        for migration, entry in todo:
            _apply(connection, migration, entry)
            run(connection, CLOSE_ENTRY, (clock.now().replace(tzinfo=None), migration.number))
            connection.commit()
            tell(f"{schema}: applied {migration.name}")
    return len(todo)


def read_book(connection: Connection) -> list[Entry]:
    """What the database says of its migrations, by number."""
    return [
        Entry(int(number), str(name), bytes(sha256), int(started), int(done), bool(is_applied), int(oldest))
        for number, name, sha256, started, done, is_applied, oldest in _any_rows(connection)
    ]


def _any_rows(connection: Connection) -> Sequence[tuple[int, str, bytes, int, int, int, int]]:
    oldest_code = "oldest_code" if rows(connection, HAS_OLDEST_CODE) else "0"
    return rows(connection, READ_BOOK.format(oldest_code=oldest_code))  # type: ignore[return-value]


def _apply(connection: Connection, migration: Migration, entry: Entry | None) -> None:
    run(connection, OPEN_ENTRY, (migration.number, migration.name, migration.sha256, migration.oldest_code))
    done, started = (entry.done, entry.started) if entry else (0, 0)
    for index, statement in enumerate(migration.statements[done:], start=done):
        was_cut_off = started > index
        _save(connection, migration, index + 1, index)
        try:
            run(connection, statement)
        except MySQLdb.Error as error:
            if not (was_cut_off and error.args[0] in ALREADY_DONE):
                connection.rollback()
                # We lived to see it fail: the next run must not take "exists already" for our own work.
                _save(connection, migration, index, index)
                raise BadMigrations(f"{migration.name}, statement {index + 1}: {error.args}") from error
        _save(connection, migration, index + 1, index + 1)


def _save(connection: Connection, migration: Migration, started: int, done: int) -> None:
    run(connection, SAVE_PROGRESS, (started, done, migration.number))
    connection.commit()
