"""What the tests of the bookkeeper share: one that is driven by hand, on a fake of the database."""

import logging
import unittest

from app.gateway.account import Account, Ticket
from app.gateway.bookkeeper import Bookkeeper
from app.gateway.lease import Lease
from app.gateway.nonce_use import NonceUse
from tests.fakes.hand_clock import NOON, HandClock
from tests.fakes.usage_database import FakeUsageDatabase
from tests.recorded_metrics import RecordedMetrics

DAY = NOON.date()


class BookkeeperCase(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.clock = HandClock()
        self.database = FakeUsageDatabase()
        self.metrics = RecordedMetrics()
        self.books = Bookkeeper(self.database.connect, self.clock, self.metrics)
        self.books.write()  # The sweep, which the first writing does.
        self.database.committed.clear()

    def do(self, *jobs: Lease | NonceUse) -> None:
        self.books._do(jobs)

    def waiting(self) -> tuple[Account, Ticket]:
        """An account in which one request waits."""
        account, ticket = (
            Account("acme", lambda client, day, requests: self.books.add(client, day, -requests)),
            Ticket(),
        )
        account.turn(DAY, 10)
        account.tickets.append(ticket)
        return account, ticket
