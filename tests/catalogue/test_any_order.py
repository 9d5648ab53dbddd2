"""The sink on a real database: whatever the order, repeats, batches and crashes, the same tables come out."""

import random
import threading
import unittest
import zlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from MySQLdb.connections import Connection

import migrations
from common.catalogue import MarkRecord, mark_record
from common.clock import SystemClock
from common.database import any_rows, connect, database_url, run
from consumer.batch import Polled
from consumer.booking import Position, book_undated
from consumer.catalogue.sink import CatalogueSink
from consumer.catalogue.statements import STORED_AT
from consumer.dead_letters import DeadLetters
from consumer.flush import Flush, Flushed
from consumer.ledger import Ledger
from migrations.files import read_migrations
from migrations.runner import migrate
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.fakes.releases import NOW, document, raw_record, takedown, track
from tests.recorded_metrics import RecordedMetrics
from tests.unit.consumer.test_shelf import VERSIONS

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
        cls.url = cls.rig.empty_schema(SCHEMA)
        with closing(cls.connect()) as connection:
            folder = Path(migrations.__file__).parent / "region"
            migrate(connection, read_migrations(folder), SystemClock(), lambda _: None)

    @classmethod
    def connect(cls) -> Connection:
        return connect(database_url(cls.url), cls.rig.stack.secrets["playlog_migrate"], idle_seconds=600)

    def setUp(self) -> None:
        self.begin()
        self.addCleanup(self.close)

    def close(self) -> None:
        """Closes the connection of the moment."""
        self.connection.close()

    def begin(self) -> None:
        """Empty tables, and a sink that has read nothing."""
        self.connection = self.connect()
        for table in (*TABLES, "consumer_offset", "dead_letter"):
            run(self.connection, f"DELETE FROM {table}")
        self.metrics = RecordedMetrics()
        self.sink = CrashingSink(DeadLetters(TOPIC, 1_000), self.metrics)
        self.ledger = Ledger(TOPIC, STORED_AT)
        self.ledger.begin_books(self.connection, 0, TOPIC_ID)
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


class AnyOrderTest(SinkCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(VERSIONS, st.randoms(use_true_random=False), st.integers(0, 8), st.integers(1, 6), st.integers(0, 3))
    def test_any_order_and_any_crash_end_in_the_same_tables(
        self, versions: dict[tuple[int, int], bool], rng: random.Random, again: int, size: int, crashes: int
    ) -> None:
        records: list[Raw] = [
            raw_record(takedown(*key) if is_gone else document(*key, tracks=[track(key[1]), track(100 + key[0])]))
            for key, is_gone in sorted(versions.items(), key=lambda each: each[0][1])
        ]
        self.connection.close()
        self.begin()
        self.store(records)
        in_order = self.tables()
        shuffled = [*records, *rng.choices(records, k=again)]
        rng.shuffle(shuffled)
        self.connection.close()
        self.begin()
        self.sink.crashes = crashes
        for start in range(0, len(shuffled), size):
            self.store(shuffled[start : start + size], start)
        self.assertEqual(self.tables(), in_order)
        self.assertEqual(len(self.outcomes()), len(shuffled))

    def test_late_news_about_a_dead_album(self) -> None:
        """G25, and the feed's own case: changed, new and deleted, in every order."""
        self.store([raw_record(document(1, 3)), raw_record(takedown(1, 5)), raw_record(document(1, 4))])
        self.store([raw_record(document(1, 3))], 3)
        self.assertEqual(self.outcomes(), ["applied", "applied", "older", "older"])
        ((_, version, state, _, _),), tracks, _ = self.tables()
        self.assertEqual((version, state, tracks), (5, "takedown", []))
        self.store([raw_record(document(1, 6, title="Back"))], 4)
        ((_, version, state, _, packed),), tracks, _ = self.tables()
        self.assertEqual((version, state, tracks), (6, "live", [(100, 1)]))
        self.assertEqual(orjson.loads(zlib.decompress(packed))["title"], "Back")

    def test_a_track_that_moves_is_on_the_release_that_changed_last(self) -> None:
        self.store([raw_record(document(1, 1, tracks=[track(7)])), raw_record(document(2, 1, tracks=[track(7)]))])
        self.store([raw_record(document(1, 2, tracks=[track(8)]))], 2)
        self.assertEqual(self.tables()[1], [(7, 2), (8, 1)])


class RecordsTest(SinkCase):
    def test_what_isnt_ours_is_set_aside_and_its_neighbours_are_stored(self) -> None:
        """G15, of the catalogue."""
        strange: list[Raw] = [(None, []), (b"\xff\xfe\x00", []), (b"[]", []), (b'{"schema":99}', [])]
        self.store([raw_record(document(1, 1)), *strange, raw_record(document(2, 1))])
        self.assertEqual(self.outcomes(), ["applied", *["unreadable"] * 4, "applied"])
        letters = self.ask("SELECT kafka_offset, reason FROM dead_letter ORDER BY kafka_offset")
        self.assertEqual([row[0] for row in letters], [1, 2, 3, 4])
        self.assertTrue(all(row[1] for row in letters))
        self.assertEqual(self.ask("SELECT next_offset FROM consumer_offset"), [(6,)])

    def test_two_contents_of_one_version_are_an_alert_and_the_first_stays(self) -> None:
        with self.assertLogs("consumer.catalogue.sink", "ERROR") as logs:
            self.store([raw_record(document(1, 1)), raw_record(document(1, 1, title="Other"))])
        self.assertIn("two contents", logs.output[0])
        self.assertEqual(self.outcomes(), ["applied", "conflict"])

    def test_a_checkpoint_that_agrees_is_silent_and_one_that_doesnt_is_an_alert(self) -> None:
        self.store([raw_record(document(1, 1))])
        ((_, releases, total),) = self.ask("SELECT partition_no, releases, digest_sum FROM catalogue_sum")
        self.store([self.mark("checkpoint", None, releases, total)], 1)
        self.assertEqual([each.name for each in self.metrics.seen], [])
        with self.assertLogs("consumer.catalogue.marks", "ERROR"):
            self.store([self.mark("checkpoint", None, releases + 1, total)], 2)
        self.assertEqual([each.name for each in self.metrics.seen], ["catalogue.mismatches"])
        self.assertEqual(self.ask("SELECT as_of FROM catalogue_sum"), [(NOW.replace(tzinfo=None),)])

    def test_a_sum_that_is_wrong_while_the_tables_are_right_is_made_anew(self) -> None:
        self.store([raw_record(document(1, 1)), raw_record(document(2, 1))])
        ((_, releases, total),) = self.ask("SELECT partition_no, releases, digest_sum FROM catalogue_sum")
        run(self.connection, "UPDATE catalogue_sum SET releases = 7, digest_sum = 7")
        self.connection.commit()
        with self.assertLogs("consumer.catalogue.marks", "WARNING") as logs:
            self.store([self.mark("checkpoint", None, releases, total)], 2)
        self.assertIn("made anew", logs.output[0])
        self.assertEqual(self.ask("SELECT releases, digest_sum FROM catalogue_sum"), [(releases, total)])
        self.assertEqual(self.metrics.seen, [])

    def test_a_mark_of_a_replaced_producer_proves_nothing(self) -> None:
        self.store([self.mark("checkpoint", epoch=3), self.mark("checkpoint", None, 5, 5, epoch=2)])
        self.assertEqual(self.outcomes(), ["mark", "older"])
        self.assertEqual(self.metrics.seen, [])

    def test_behind_a_load_what_it_didnt_name_is_a_ghost_that_stays_away(self) -> None:
        records = [raw_record(document(number, 1)) for number in (1, 2, 3)]
        self.store([*records, self.mark("begin", 9, 3)])
        with self.assertLogs("consumer.catalogue.marks"):
            self.store([records[1], raw_record(document(4, 1)), self.mark("end", 9)], 4)
        states = {row[0]: row[2] for row in self.tables()[0]}
        self.assertEqual(states, {1: "ghost", 2: "live", 3: "ghost", 4: "live"})
        self.assertEqual(self.tables()[1], [(200, 2), (400, 4)])
        self.assertEqual(self.tables()[2][0][1], 2)
        self.store([records[0]], 7)
        self.assertEqual({row[0]: row[2] for row in self.tables()[0]}[1], "ghost")
        self.store([raw_record(document(1, 2))], 8)
        self.assertEqual({row[0]: row[2] for row in self.tables()[0]}[1], "live")

    def test_an_end_without_a_begin_takes_nothing_away(self) -> None:
        with self.assertLogs("consumer.catalogue.marks"):  # The sums differ, of course.
            self.store([raw_record(document(1, 1)), self.mark("end", 9)])
        self.assertEqual(self.tables()[0][0][2], "live")

    def test_the_ledger_knows_a_record_by_its_digest(self) -> None:
        self.store([raw_record(document(1, 1)), (b"x", [])])
        digest = self.ask("SELECT digest FROM catalogue_release")[0][0]
        self.assertEqual(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 0), digest)
        self.assertEqual(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 1), "unreadable")
        self.assertIsNone(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 2))
        self.assertEqual(self.ledger.read(self.connection, 0), Position(TOPIC_ID, 2, NOW + timedelta(seconds=1), None))
