"""Dead letters in the real tables, made as the persister makes them but without its process: a test takes no second."""

import threading
import unittest
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from MySQLdb.connections import Connection

from common.clock import SystemClock
from common.database import DatabaseUrl, connect
from common.records import RequestRecord, canonical_value, headers_of
from consumer.batch import Polled
from consumer.booking import Position, book
from consumer.dead_letters import DeadLetters
from consumer.erased import ErasedListeners
from consumer.flush import Flush, Flushed, Tally
from consumer.letters.book import Letter, Wanted, find
from consumer.letters.replay import Replayer
from consumer.play_logs.sink import PlayLogSink
from tests.integration.persister_rig import PersisterRig


class LettersCase(unittest.TestCase):
    """A ledger of the test's own, and the replayer on it."""

    rig: PersisterRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = PersisterRig()
        cls.addClassCleanup(cls.rig.close)

    def setUp(self) -> None:
        self.rig.topic_id = f"{id(self):022d}"[-22:]
        self.rig.as_root("UPDATE dead_letter SET state = 'dropped'")
        environ = self.rig.stack.environ("dead-letters")
        self.connection = self.connect_as("playlog_dead_letters", environ)
        self.secret = environ["LISTENER_SECRET"]
        self.replayer = Replayer(self.connection, ErasedListeners(self.secret), "op", SystemClock())
        self.persister = self.connect_as("playlog_persister", self.rig.environ)
        self.rig.rows_changed("DELETE FROM consumer_offset WHERE topic = %s", self.rig.topic)
        self.rig.ledger.begin_books(self.persister, 0, self.rig.topic_id)
        self.persister.commit()
        self.position = Position(self.rig.topic_id, 0)

    def connect_as(self, user: str, environ: Mapping[str, str]) -> Connection:
        url = DatabaseUrl(user, "playlog_datacentre", "127.0.0.1", self.rig.stack.mariadb.port)
        connection = connect(url, environ["DATACENTRE_DB_PASSWORD"], idle_seconds=600)
        self.addCleanup(connection.close)
        return connection

    def store(self, *records: tuple[bytes | None, Sequence[tuple[str, bytes]]]) -> Tally:
        """Stores records as the persister does."""
        now = datetime.now(UTC)
        first = self.position.next_offset
        raw = [Polled(first + number, now, headers, value) for number, (value, headers) in enumerate(records)]
        sink = PlayLogSink(DeadLetters(self.rig.topic, 10**6), ErasedListeners(self.secret))
        flush = Flush(self.rig.ledger, sink, lambda: self.rig.topic_id)
        flushed = flush(self.persister, 0, book(self.position, raw, now), threading.Event())
        assert isinstance(flushed, Flushed)
        self.position = flushed.position
        return flushed.tally

    def send(self, *records: RequestRecord) -> Tally:
        own = [replace(each, client=self.rig.client) for each in records]
        return self.store(*((canonical_value(each.items), headers_of(each)) for each in own))

    def letters(self) -> list[Letter]:
        """The open letters of this test's topic."""
        found = find(self.connection, Wanted(state="open"), 1000)
        return [letter for letter in found if letter.topic_id == self.rig.topic_id]

    def bury(self, *records: RequestRecord) -> list[Letter]:
        """Sends requests, of whose logs some become dead letters."""
        self.send(*records)
        return self.letters()
