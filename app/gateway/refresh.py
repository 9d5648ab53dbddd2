"""Keeps the list of clients fresh, in a thread of its own: a revoked key is refused within two seconds."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

import MySQLdb
from MySQLdb.connections import Connection

from app.gateway.client import Client, ClientList
from app.gateway.clients import Clients
from app.gateway.list_file import ListFile
from app.gateway.table import live_clients
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
        self, clients: Clients, connect: Callable[[], Connection], file: ListFile, clock: Clock, metrics: Metrics
    ) -> None:
        self._clients = clients
        self._connect = connect
        self._file = file
        self._clock = clock
        self._metrics = metrics
        self._connection: Connection | None = None
        self._written: dict[bytes, Client] | None = None
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
            moment = self._clock.now()
            found = live_clients(self._connection)
        except MySQLdb.Error as error:
            self._lost(error)
        else:
            self._take(ClientList(found, moment), found)
        age = self._clients.age_seconds()
        if age is not None:
            self._metrics.gauge("clients.list_age", age)

    def _take(self, newer: ClientList, found: dict[bytes, Client]) -> None:
        if not self._is_reachable:
            logger.info("the region database answers again")
        self._is_reachable = True
        self._clients.replace(newer)
        if found != self._written:
            self._file.write(newer)
            self._written = found

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
