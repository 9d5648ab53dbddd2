"""What the tests of the client list share."""

import logging
import tempfile
import unittest
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from app.gateway.clients import Clients
from app.gateway.decision import Fault
from app.gateway.list_file import ListFile
from app.gateway.refresh import Refresher
from tests.fakes.client_table import FakeDatabase
from tests.fakes.hand_clock import HandClock
from tests.recorded_metrics import RecordedMetrics
from tests.unit.app.bench import KEY, SECRET


class ClientListCase(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "state" / "clients.json"
        self.clock = HandClock()
        self.database = FakeDatabase()
        self.database.keys = {"acme": KEY}
        self.clients = Clients(SECRET, self.clock)
        #: What was told of the counters: the day, and what clients have used of it.
        self.told: list[tuple[date, dict[str, int]]] = []

    def tell(self, day: date, used: Mapping[str, int], _: float) -> None:
        self.told.append((day, dict(used)))

    def refresher(self, clients: Clients) -> Refresher:
        return Refresher(clients, self.tell, self.database.connect, ListFile(self.path), self.clock, RecordedMetrics())

    def status(self, clients: Clients, key: str = KEY) -> int:
        found = clients.identify(key)
        return found.status if isinstance(found, Fault) else 200
