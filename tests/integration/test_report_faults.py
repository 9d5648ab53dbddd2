"""Reports whose database is lost, whose run is cut off, or that run twice at once."""

import io
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import MySQLdb

from common.database import connect, rows
from common.locks import LockTaken
from reports.desk import Desk, open_desk
from reports.office import Office
from reports.run import Reporter
from reports.snapshot import Snapshot, open_snapshot
from reports.usage import PlayRow
from tests.integration.report_case import KnownTopic, ReportCase, days_later, on_the_day
from tests.integration.report_day import TOPIC, Request
from tests.integration.report_schema import DAY, connect_as, password_of, url_of

FILE = "usage.acme.csv.gz"


class KilledWhileReading(Snapshot):
    """Loses its session on the server after the first row."""

    def play_rows(self, day: Any) -> Iterator[PlayRow]:
        for number, row in enumerate(super().play_rows(day)):
            if number == 1:
                with closing(connect_as("playlog_reports")) as other:
                    rows(other, f"KILL {self._connection.thread_id()}")
            yield row


class ForgetfulDesk(Desk):
    """Loses the database just before it would record what was handed over."""

    def record(self, *_: object) -> None:
        raise MySQLdb.OperationalError(2013, "lost")


class Faults(ReportCase):
    def write_day(self, doublings: int = 0) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        self.day.put_large(0, 0, on_the_day(9), doublings)
        end = self.day.put(0, 1, Request(on_the_day(10)))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)

    def reporter(self, desk: Desk, kind: type[Snapshot] = Snapshot) -> Reporter:
        @contextmanager
        def opened() -> Iterator[Snapshot]:
            with closing(connect(url_of("playlog_reports"), password_of("playlog_reports"))) as connection:
                yield kind(connection)

        return Reporter(desk, opened, (self.kafka, TOPIC), self.root, self.clock)

    def test_a_database_lost_in_mid_read_leaves_the_good_files(self) -> None:
        self.write_day(doublings=15)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        good = self.bytes_of()
        where = url_of("playlog_reports"), password_of("playlog_reports")
        with open_desk(*where) as desk, self.assertRaises(MySQLdb.OperationalError):
            self.reporter(desk, KilledWhileReading).make(DAY, wants_provisional=False)
        self.assertEqual(self.bytes_of(), good)
        self.assertEqual(self.folders(), [DAY.isoformat()])
        self.assertEqual(self.report(), 0, self.err.getvalue())

    def test_a_database_that_is_away_is_a_failure_with_a_sentence(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("RENAME TABLE play_log TO play_log_away")
        self.addCleanup(lambda: self.connection.cursor().execute("RENAME TABLE play_log_away TO play_log"))
        self.day.quiet(0, DAY)
        self.assertEqual(self.report(), 1)
        self.assertIn("FAILED: the database failed with error 1146", self.err.getvalue())

    def test_a_crash_before_the_table_was_told_is_made_good_by_the_next_run(self) -> None:
        self.write_day()
        with open_desk(url_of("playlog_reports"), password_of("playlog_reports")) as desk:
            forgetful = ForgetfulDesk(desk._connection)
            with self.assertRaises(MySQLdb.OperationalError):
                self.reporter(forgetful).make(DAY, wants_provisional=False)
        good = self.bytes_of()
        self.assertNotIn("_SUCCESS", good)
        self.assertEqual(self.recorded(), [])
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(), good | {"_SUCCESS": b""})
        self.assertEqual(self.recorded(), [(DAY, 1, "final", 2)])

    def test_what_is_committed_while_a_report_reads_is_not_in_it(self) -> None:
        self.write_day()
        late = self.day

        class Busy(KnownTopic):
            """The persister goes on between the ledger and the rows."""

            def describe(self, topic: str) -> tuple[str, int]:
                late.put(0, 2, Request(on_the_day(23), client="late"))
                return super().describe(topic)

        self.kafka = Busy({0: 3})
        self.assertEqual(self.report(), 0, self.out.getvalue())
        self.assertEqual(set(self.bytes_of()), {"_SUCCESS", "manifest.json", "report.html", "summary.csv", FILE})

    def test_of_two_runs_at_once_the_second_waits_and_finds_the_work_done(self) -> None:
        self.write_day(doublings=10)
        statuses: list[int] = []

        def run() -> None:
            streams = io.StringIO(), io.StringIO()
            statuses.append(Office(self.config(), self.kafka, self.clock, self.metrics, streams).report(DAY))

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(statuses, [0, 0])
        self.assertEqual(self.recorded(), [(DAY, 1, "final", 1025)])

    def test_a_run_that_may_not_wait_says_who_is_in_its_way(self) -> None:
        where = url_of("playlog_reports"), password_of("playlog_reports")
        with open_desk(*where), self.assertRaises(LockTaken) as caught, open_desk(*where, wait_seconds=0):
            self.fail("two runs had the lock")
        self.assertIn("playlog:report", str(caught.exception))

    def test_a_report_may_not_change_a_play(self) -> None:
        with open_snapshot(url_of("playlog_reports"), password_of("playlog_reports"), Snapshot) as snapshot:
            for sql in ("DELETE FROM play_log", "UPDATE request SET n_items = 0"):
                with self.assertRaises(MySQLdb.Error):
                    rows(snapshot._connection, sql)
