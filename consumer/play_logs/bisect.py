"""Inserts rows in large statements, and finds the one that the database refuses by cutting them in two."""

from collections.abc import Callable, Sequence

import MySQLdb
from MySQLdb.connections import Connection

from common.database import run
from common.sql_rows import statements
from consumer.play_logs.statements import ROLLBACK_TO_SAVEPOINT, SAVEPOINT
from consumer.trouble import DATA, code_of


def insert(
    connection: Connection, head: bytes, encoded: Sequence[bytes], most_bytes: int, refuse: Callable[[int, int], None]
) -> None:
    """Inserts all rows but those whose data the database refuses; `refuse(index, error code)` is told of each.

    Only errors of data are searched for; every other MySQLdb.Error is raised as it comes. A refused statement is
    undone to its savepoint, so that none of its rows stay.
    """
    start = 0
    for sql, number in statements(head, encoded, most_bytes):
        run(connection, SAVEPOINT)
        try:
            run(connection, sql)
        except MySQLdb.Error as error:
            if code_of(error) not in DATA:
                raise
            run(connection, ROLLBACK_TO_SAVEPOINT)
            _halve(connection, head, encoded, range(start, start + number), code_of(error), refuse)
        start += number


def _halve(
    connection: Connection,
    head: bytes,
    encoded: Sequence[bytes],
    span: range,
    code: int,
    refuse: Callable[[int, int], None],
) -> None:
    if len(span) == 1:
        refuse(span.start, code)
        return
    middle = len(span) // 2
    for half in (span[:middle], span[middle:]):
        run(connection, SAVEPOINT)
        try:
            run(connection, head + b",".join(encoded[half.start : half.stop]))
        except MySQLdb.Error as error:
            if code_of(error) not in DATA:
                raise
            run(connection, ROLLBACK_TO_SAVEPOINT)
            _halve(connection, head, encoded, half, code_of(error), refuse)
