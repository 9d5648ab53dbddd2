"""Keeps the list of clients fresh, in a thread of its own: a revoked key is refused within two seconds.

The same reading says how much of their day the clients with a limit have used.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime

import MySQLdb
from MySQLdb.connections import Connection

from app.gateway.client import ClientList
from app.gateway.clients import Clients
from app.gateway.list_file import ListFile
from app.gateway.table import ClientRows, live_keys, read_rows
from app.gateway.usage_table import used_on
from common.clock import Clock
from common.metrics import Metrics

logger = logging.getLogger(__name__)

#: Between two readings of the table.
PERIOD_SECONDS = 1.0
#: How long the start waits for the first reading; a database that is away doesn't stop it.
FIRST_READING_SECONDS = 6.0


class Refresher:
    """Reads the table again and again. While it can't, the last list serves: from memory, at start from the disk."""

    def __init__(
        self,
        clients: Clients,
        told: Callable[[date, Mapping[str, int], float], None],
        connect: Callable[[], Connection],
        file: ListFile,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._clients = clients
        self._told = told
        self._connect = connect
        self._file = file
        self._clock = clock
        self._metrics = metrics
        self._connection: Connection | None = None
        self._rows: ClientRows | None = None
        self._list: ClientList | None = None
        self._is_reachable = True
        self._tried = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="client-list", daemon=True)

    def start(self) -> None:
        """Takes the list from the disk, then tries the database; returns when the first reading ended either way."""
        kept = self._file.read()
        if kept is not None:
            self._clients.replace(kept)
        self._thread.start()
        self._tried.wait(FIRST_READING_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(PERIOD_SECONDS)

    def refresh(self) -> None:
        """Reads the table once."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            # The age counts from before the reading: a change made meanwhile may be missing.
            moment, asked_at = self._clock.now(), self._clock.monotonic()
            found = read_rows(self._connection)
            used = used_on(self._connection, moment.date())
            self._connection.commit()
        except MySQLdb.Error as error:
            self._lost(error)
        else:
            self._take(found, moment)
            self._told(moment.date(), used, asked_at)
        age = self._clients.age_seconds()
        if age is not None:
            self._metrics.gauge("clients.list_age", age)

    def _take(self, found: ClientRows, moment: datetime) -> None:
        if not self._is_reachable:
            logger.info("the region database answers again")
        self._is_reachable = True
        if self._list is not None and found == self._rows:
            # As before, which is almost always so: nothing is made anew but its age.
            self._list = ClientList(self._list.keys, moment)
            self._clients.replace(self._list)
            return
        self._rows, self._list = found, ClientList(live_keys(found), moment)
        self._clients.replace(self._list)
        self._file.write(self._list)

    def _lost(self, error: MySQLdb.Error) -> None:
        if self._is_reachable:
            facts = {"error_code": error.args[0] if error.args else None}
            logger.warning("can't read the clients (%(error_code)s); the last good list serves", facts, extra=facts)
        self._is_reachable = False
        if self._connection is not None:
            with suppress(MySQLdb.Error):
                self._connection.close()
            self._connection = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.refresh()
            except Exception:
                logger.exception("reading the clients failed")
            self._tried.set()
            self._stopping.wait(PERIOD_SECONDS)
        if self._connection is not None:
            with suppress(MySQLdb.Error):
                self._connection.close()
