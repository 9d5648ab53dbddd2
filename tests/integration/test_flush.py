"""One transaction on the real database: the fence and its four causes, the cuts, and the marks before COMMIT."""

import threading
import unittest
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from MySQLdb.connections import Connection

from common.database import connect
from common.records import RequestRecord
from consumer.batch import Polled
from consumer.booking import Position, book, book_quiet
from consumer.dead_letters import DeadLetters
from consumer.erased import ErasedListeners
from consumer.flush import Flush, Flushed, Moved
from consumer.play_logs.sink import PlayLogSink
from consumer.trouble import Abandoned, Stop, Transient
from tests.fakes.play_requests import log, polled, request
from tests.integration.persister_rig import PersisterRig

SECRET = "s" * 32
EDGE = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC)
NOW = EDGE + timedelta(hours=12)
CUTS = "SELECT day, cut_offset, cause FROM day_cut WHERE topic_id = %s ORDER BY day"


class FlushTest(unittest.TestCase):
    rig: PersisterRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = PersisterRig()
        cls.addClassCleanup(cls.rig.close)

    def setUp(self) -> None:
        self.rig.topic_id = f"{id(self):022d}"[-22:]
        self.connection = self.new_connection()
        self.flush = self.new_flush()
        self.rig.rows_changed("DELETE FROM consumer_offset WHERE topic = %s", self.rig.topic)
        self.rig.ledger.begin_books(self.connection, 0, self.rig.topic_id)
        self.connection.commit()
        self.start = Position(self.rig.topic_id, 0)
        self.never = threading.Event()

    def new_connection(self) -> Connection:
        where = self.rig.config.datacentre
        connection = connect(where.database, where.password, idle_seconds=600, lock_seconds=2)
        self.addCleanup(connection.close)
        return connection

    def new_flush(self) -> Flush:
        sink = PlayLogSink(DeadLetters(self.rig.topic, 10**6), ErasedListeners(SECRET))
        return Flush(self.rig.ledger, sink, lambda: self.rig.topic_id)

    def records(self, first: int, number: int, at: datetime = EDGE) -> list[Polled]:
        return [polled(offset, self.own(request()), at) for offset in range(first, first + number)]

    def own(self, record: RequestRecord) -> RequestRecord:
        return replace(record, client=self.rig.client)

    def store(self, position: Position, records: list[Polled]) -> Flushed | Moved:
        return self.flush(self.connection, 0, book(position, records, NOW), self.never)

    def test_a_commit_whose_answer_was_lost_is_found_to_have_happened(self) -> None:
        records = self.records(0, 3)
        first = self.store(self.start, records)
        again = self.store(self.start, records)
        assert isinstance(first, Flushed)
        self.assertEqual(again, Moved(first.position, "stored"))
        self.assertEqual(self.rig.balance(), (3, 3, 0, 0, 3))

    def test_a_zombie_writer_stores_nothing_and_is_sent_on(self) -> None:
        self.store(self.start, self.records(0, 5))
        late = self.store(self.start, self.records(0, 2))
        assert isinstance(late, Moved)
        self.assertEqual((late.cause, late.position.next_offset), ("ahead", 5))
        self.assertEqual(self.rig.balance()[4], 5)

    def test_two_writers_at_once_store_each_record_once(self) -> None:
        records = self.records(0, 200)
        outcomes: list[Flushed | Moved] = []

        def write() -> None:
            connection, flush = self.new_connection(), self.new_flush()
            outcomes.append(flush(connection, 0, book(self.start, records, NOW), self.never))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(type(each).__name__ for each in outcomes), ["Flushed", "Moved", "Moved", "Moved"])
        self.assertEqual(self.rig.balance(), (200, 200, 0, 0, 200))

    def test_a_database_that_went_back_is_said_to_be_behind(self) -> None:
        ahead = replace(self.start, next_offset=7)
        outcome = self.store(ahead, self.records(7, 1))
        assert isinstance(outcome, Moved)
        self.assertEqual((outcome.cause, outcome.position.next_offset), ("behind", 0))
        self.assertEqual(self.rig.balance()[4], 0)
        self.assertEqual(self.flush.compare(self.connection, 0, ahead), outcome)

    def test_a_row_of_another_topic_id_stops(self) -> None:
        foreign = replace(self.start, topic_id="x" * 22)
        self.rig.topic_id, own = "x" * 22, self.rig.topic_id
        with self.assertRaises(Stop):
            self.store(foreign, self.records(0, 1))
        self.rig.topic_id = own
        self.assertEqual(self.rig.balance()[4], 0)

    def test_a_topic_made_again_between_poll_and_commit_stores_nothing(self) -> None:
        with self.assertRaisesRegex(Stop, "was made again"):
            self.store(replace(self.start, topic_id="y" * 22), self.records(0, 1))
        self.assertEqual(self.rig.position(), 0)

    def test_an_abandoned_batch_is_not_committed(self) -> None:
        gone = threading.Event()
        gone.set()
        with self.assertRaises(Abandoned):
            self.flush(self.connection, 0, book(self.start, self.records(0, 3), NOW), gone)
        self.assertEqual((self.rig.position(), self.rig.balance()[4], self.rig.stored_rows()), (0, 0, 0))

    def test_a_day_without_a_partition_is_waited_for(self) -> None:
        far = EDGE + timedelta(days=4000)
        with self.assertRaisesRegex(Transient, "1526"):
            self.flush(self.connection, 0, book(self.start, self.records(0, 2, far), far), self.never)
        self.assertEqual((self.rig.position(), self.rig.balance()[4]), (0, 0))

    def test_a_clock_step_at_the_edge_leaves_the_late_row_on_its_booked_day(self) -> None:
        steps = (-220, -120, 30, -20, -40, 80)
        records = [polled(n, self.own(request()), EDGE + timedelta(seconds=step)) for n, step in enumerate(steps)]
        self.store(self.start, records)
        today, yesterday = EDGE.date(), EDGE.date() - timedelta(days=1)
        self.assertIn((yesterday, 2, "record"), self.rig.rows(CUTS, self.rig.topic_id))
        sql = """SELECT kafka_offset, play_log.received_day, appended_at < %s FROM play_log
            JOIN request USING (request_id) WHERE topic_id = %s ORDER BY kafka_offset"""
        found = self.rig.rows(sql, EDGE.replace(tzinfo=None), self.rig.topic_id)
        self.assertEqual([row[1] for row in found], [yesterday] * 2 + [today] * 4)
        self.assertEqual([row[0] for row in found if row[2] and row[1] == today], [3, 4])

    def test_a_quiet_day_is_cut_once(self) -> None:
        stored = self.store(self.start, self.records(0, 2, EDGE - timedelta(hours=1)))
        booking = book_quiet(stored.position, 2, NOW)
        assert booking is not None
        cut = self.flush(self.connection, 0, booking, self.never)
        yesterday: date = EDGE.date() - timedelta(days=1)
        self.assertEqual(self.rig.rows(CUTS, self.rig.topic_id)[-1], (yesterday, 2, "quiet"))
        self.assertIsNone(book_quiet(cut.position, 2, NOW))
        self.assertEqual(self.flush(self.connection, 0, booking, self.never), Moved(cut.position, "stored"))
        self.assertEqual(len(self.rig.rows(CUTS, self.rig.topic_id)), 2)

    def test_two_equal_ids_in_one_flush_do_not_loop(self) -> None:
        twins = [polled(n, self.own(request(log(id=f"twin-{id(self)}"), key=f"k{n}")), EDGE) for n in range(2)]
        outcome = self.store(self.start, twins)
        assert isinstance(outcome, Flushed)
        self.assertEqual((outcome.tally.stored, outcome.tally.duplicate), (1, 1))
