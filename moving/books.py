"""The region's database as the services beside nginx ask it: over one connection, opened again when it was lost."""

import logging
from collections.abc import Callable
from typing import TypeVar

from MySQLdb import Error as DatabaseError
from MySQLdb.connections import Connection

from moving import table
from moving.plan import Plan

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Away(Exception):
    """The database can't be asked just now. The message has no values of rows."""


class RegionBooks:
    """Use it in one thread. Each method raises Away."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Does something with the connection."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            return work(self._connection)
        except DatabaseError as error:
            self.close()
            raise Away(f"database error {error.args[0] if error.args else '?'}") from None

    def newest_number(self) -> int:
        """As moving.table has it."""
        return self.ask(table.newest_number)

    def newest(self) -> Plan:
        """As moving.table has it. Raises BadPlan as well."""
        return self.ask(table.newest)

    def report(self, name: str, version: int, problem: str | None) -> None:
        """As moving.table has it."""
        self.ask(lambda connection: table.report(connection, name, version, problem))

    def leave(self, name: str) -> None:
        """As moving.table has it."""
        self.ask(lambda connection: table.leave(connection, name))

    def close(self) -> None:
        """The next question opens another connection."""
        if self._connection is not None:
            try:
                self._connection.close()
            except DatabaseError:
                logger.debug("closed a connection that was lost")
            self._connection = None
