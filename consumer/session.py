"""A writer's connection to the database: made when needed, and made anew after any trouble."""

import time
from collections.abc import Callable

import MySQLdb
from MySQLdb.connections import Connection

from consumer.trouble import translate

#: A connection idle for longer is made anew: the server ends it after common.database.IDLE_SECONDS.
FRESH_SECONDS = 20.0


class Session:
    """One thread's connection."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._used_at = 0.0

    def connection(self) -> Connection:
        """A connection that the server hasn't ended for idleness. Raises Transient or Stop."""
        now = time.monotonic()
        if now - self._used_at > FRESH_SECONDS:
            self.drop()
        if self._connection is None:
            try:
                self._connection = self._connect()
            except MySQLdb.Error as error:
                raise translate(error) from None
        self._used_at = now
        return self._connection

    def drop(self) -> None:
        """Closes the connection: after a failure its state can't be trusted, and a read-only server stays one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except MySQLdb.Error:
                # It was broken already, which is why it is dropped.
                return
