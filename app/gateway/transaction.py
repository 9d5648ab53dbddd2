"""Runs pieces of work in one transaction on a connection that is kept, and says what came of it."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

import MySQLdb
from MySQLdb.connections import Connection

logger = logging.getLogger(__name__)

#: Deadlock, lock wait, a row that changed meanwhile: this batch's bad luck, and no sign that the database is away.
PASSING = frozenset({1213, 1205, 1020})
#: The connection is gone; before the COMMIT nothing has happened.
GONE = frozenset({2006, 2013, 2055, 4031})


class Work(Protocol):
    """One piece; it may be run again after a rollback."""

    def run(self, connection: Connection) -> None: ...


class Failure(NamedTuple):
    """Why a transaction failed; and whether it may have been committed all the same."""

    code: object
    may_be_written: bool

    @property
    def is_passing(self) -> bool:
        """Whether the database is there all the same."""
        return self.code in PASSING


class Transactions:
    """For one thread."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None

    def attempt(self, work: Sequence[Work]) -> Failure | None:
        """One transaction with all of the work; a second try where the first can't have done anything."""
        failure = self._transact(work)
        if failure is not None and not failure.may_be_written and failure.code in GONE | PASSING:
            failure = self._transact(work)
        return failure

    def close(self) -> None:
        """Closed without a COMMIT, the server rolls back."""
        if self._connection is not None:
            with suppress(MySQLdb.Error):
                self._connection.close()
            self._connection = None

    def _transact(self, work: Sequence[Work]) -> Failure | None:
        is_committing = False
        try:
            if self._connection is None:
                self._connection = self._connect()
            for each in work:
                each.run(self._connection)
            is_committing = True
            self._connection.commit()
        except MySQLdb.Error as error:
            self.close()
            return Failure(error.args[0] if error.args else None, is_committing)
        except Exception:
            logger.exception("the gateway's books failed")
            self.close()
            return Failure(None, is_committing)
        return None
