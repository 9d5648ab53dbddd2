"""The sink on a real database, in a schema of its own, fed batch by batch."""

import threading
import unittest
from datetime import timedelta
from typing import Any, ClassVar

from MySQLdb.connections import Connection

from common.catalogue import MarkRecord, mark_record
from common.database import any_rows, run
from consumer.assignment import BEFORE_US
from consumer.batch import Polled
from consumer.booking import book_undated
from consumer.catalogue.sink import CatalogueSink
from consumer.catalogue.statements import STORED_AT
from consumer.dead_letters import DeadLetters
from consumer.flush import Flush, Flushed
from consumer.ledger import Ledger
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.catalogue.schemas import connect_to, migrated_schema
from tests.fakes.releases import NOW
from tests.recorded_metrics import RecordedMetrics

SCHEMA, TOPIC, TOPIC_ID = "catalogue_any_order", "catalogue", "t" * 22
TABLES = ("catalogue_release", "catalogue_track", "catalogue_record", "catalogue_sum", "catalogue_mark")
Raw = tuple[bytes | None, list[tuple[str, bytes]]]


class Crash(BaseException):
    """As a kill would be: nothing is caught, and the connection goes."""


class CrashingSink(CatalogueSink):
    """Ends the process, so to speak, once everything is written and nothing committed."""

    crashes = 0

    def store(self, *given: Any) -> Any:
        done = super().store(*given)
        if self.crashes:
            self.crashes -= 1
            raise Crash
        return done


class SinkCase(unittest.TestCase):
    rig: ClassVar[CatalogueRig]
    url: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        cls.url = migrated_schema(cls.rig.stack, SCHEMA, "region")

    @classmethod
    def connect(cls) -> Connection:
        return connect_to(cls.rig.stack, cls.url)

    def setUp(self) -> None:
        self.begin()
        self.addCleanup(self.close)

    def close(self) -> None:
        """Closes the connection of the moment."""
        self.connection.close()

    def begin(self, start: int = 0) -> None:
        """Empty tables, and a sink that has read nothing; the topic is cut off before `start`."""
        self.connection = self.connect()
        for table in (*TABLES, "consumer_offset", "gap", "dead_letter"):
            run(self.connection, f"DELETE FROM {table}")
        self.metrics = RecordedMetrics()
        self.sink = CrashingSink(DeadLetters(TOPIC, 1_000), self.metrics)
        self.ledger = Ledger(TOPIC, STORED_AT)
        self.ledger.begin_books(self.connection, 0, TOPIC_ID, start)
        if start > 0:
            self.ledger.book_gap(self.connection, TOPIC_ID, 0, (0, start), BEFORE_US)
        self.connection.commit()

    def store(self, records: list[Raw], start: int = 0) -> None:
        """One batch of partition 0; a crash is followed by a new try on a new connection, from the ledger's word."""
        flush = Flush(self.ledger, self.sink, lambda: TOPIC_ID)
        polled = [
            Polled(start + place, NOW + timedelta(seconds=start + place), headers, value)
            for place, (value, headers) in enumerate(records)
        ]
        while True:
            position = self.ledger.read(self.connection, 0)
            assert position is not None
            self.connection.rollback()
            left = [each for each in polled if each.offset >= position.next_offset]
            try:
                if left:
                    booking = book_undated(position, left, NOW + timedelta(hours=1))
                    self.assertIsInstance(flush(self.connection, 0, booking, threading.Event()), Flushed)
            except Crash:
                self.connection.close()
                self.connection = self.connect()
            else:
                return

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        self.connection.rollback()
        return any_rows(self.connection, sql)

    def tables(self) -> tuple[Any, ...]:
        """What must not depend on the order."""
        releases = self.ask("SELECT release_id, version, state, digest, document FROM catalogue_release ORDER BY 1")
        tracks = self.ask("SELECT track_id, release_id FROM catalogue_track ORDER BY 1, 2")
        sums = self.ask("SELECT partition_no, releases, digest_sum FROM catalogue_sum")
        return releases, tracks, sums

    def mark(self, kind: str, load_no: int | None = None, releases: int = 0, total: int = 0, epoch: int = 1) -> Raw:
        value, headers = mark_record(MarkRecord(kind, 1, load_no, NOW, releases, total, epoch, b""))
        return value, headers

    def outcomes(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT outcome FROM catalogue_record ORDER BY kafka_offset")]
