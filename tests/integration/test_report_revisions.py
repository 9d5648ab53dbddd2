"""Revisions: asked for with a reason, beside what they supersede, and the newest is what is made again."""

import hashlib
from contextlib import AbstractContextManager
from datetime import date

import MySQLdb
from MySQLdb.connections import Connection

from common.locks import REPORT_LOCK
from reports.desk import About, Desk, open_desk
from reports.editions import Edition, Wish
from reports.run import Reporter
from reports.snapshot import Snapshot, open_snapshot
from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import TOPIC, Log, Request
from tests.integration.report_schema import DAY, password_of, url_of

SECOND = f"{DAY}.r2"


class Revisions(ReportCase):
    def setUp(self) -> None:
        super().setUp()
        self.day.cut(0, days_later(-1), 0, "start")
        end = self.day.put(0, 0, Request(on_the_day(9), [Log(), Log(b"u2")]), Request(on_the_day(10), client="bolt"))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)

    def change(self, sql: str = "UPDATE play_log SET total_time_played = 29 WHERE client = 'acme' LIMIT 1") -> None:
        """Somebody corrects the rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
        self.connection.commit()

    def test_it_lies_beside_the_report_that_it_supersedes_and_says_why(self) -> None:
        self.report()
        first = self.bytes_of()
        self.change()
        self.assertEqual(self.revise("a wrong length"), 0, self.err.getvalue())
        self.assertEqual(self.folders(), [DAY.isoformat(), SECOND])
        self.assertEqual(self.bytes_of(), first | {"_SUPERSEDED": f"{SECOND}\n".encode()})
        manifest = self.manifest(SECOND)
        superseded = {"revision": 1, "manifest_sha256": hashlib.sha256(first["manifest.json"]).hexdigest()}
        self.assertEqual((manifest["revision"], manifest["supersedes"]), (2, superseded))
        self.assertEqual((manifest["reason"], manifest["operator"]), ("a wrong length", "op"))
        self.assertEqual([row[1] for row in self.recorded()], [1, 2])
        self.assertIn("a wrong length", self.bytes_of(SECOND)["report.html"].decode())
        acme = self.root / "clients" / "acme"
        self.assertEqual((acme / DAY.isoformat() / "_SUPERSEDED").read_text().strip(), SECOND)
        self.assertTrue((acme / SECOND / "_SUCCESS").exists())

    def test_the_newest_edition_is_what_is_made_again(self) -> None:
        self.report()
        self.change()
        self.revise("a wrong length")
        second = self.bytes_of(SECOND)
        (self.root / SECOND / "summary.csv").unlink()
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(SECOND), second)
        self.change("UPDATE play_log SET total_time_played = 28 WHERE client = 'acme' LIMIT 1")
        self.assertEqual(self.report(), 1)
        self.assertEqual(self.revise("a wrong length once more"), 0)
        self.assertEqual([row[1] for row in self.recorded()], [1, 2, 3])
        self.assertEqual((self.root / SECOND / "_SUPERSEDED").read_text().strip(), f"{DAY}.r3")

    def test_without_a_final_report_there_is_nothing_to_revise(self) -> None:
        self.assertEqual(self.revise("too early"), 75)
        self.assertIn("no final report yet", self.out.getvalue())
        self.assertEqual(self.folders(), [])

    def test_data_that_did_not_change_makes_no_revision(self) -> None:
        self.report()
        self.assertEqual(self.revise("just so"), 0)
        self.assertIn("already", self.out.getvalue())
        self.assertEqual((self.folders(), len(self.recorded())), ([DAY.isoformat()], 1))

    def test_it_is_refused_when_the_days_rows_are_gone_and_the_files_stay(self) -> None:
        self.report()
        first = self.bytes_of()
        self.change(f"ALTER TABLE play_log DROP PARTITION p{DAY:%Y%m%d}")
        self.addCleanup(self.remake_days)
        self.assertEqual(self.revise("too late"), 0)
        self.assertIn("removed by retention", self.out.getvalue())
        self.assertEqual(self.report(), 0)
        self.assertEqual(self.bytes_of(), first)
        self.assertEqual(len(self.recorded()), 1)

    def remake_days(self) -> None:
        """The dropped day again: its rows lie between those that are left."""
        later = f"p{days_later(1):%Y%m%d}"
        self.change(
            f"ALTER TABLE play_log REORGANIZE PARTITION {later} INTO ("
            f"PARTITION p{DAY:%Y%m%d} VALUES LESS THAN ('{days_later(1)}'),"
            f"PARTITION {later} VALUES LESS THAN ('{days_later(2)}'))"
        )

    def test_a_kill_at_each_step_is_made_good_by_the_next_run(self) -> None:
        self.report()
        self.change()
        for step in ("before", "after"):
            with self.subTest(step):
                where = url_of("playlog_reports"), password_of("playlog_reports")
                with open_desk(*where) as desk:
                    killed = KilledDesk(desk._connection, step)
                    reporter = Reporter(killed, snapshot, (self.kafka, TOPIC), self.root, self.clock)
                    with self.assertRaises(MySQLdb.OperationalError):
                        reporter.make(DAY, wish=Wish("why", "op"))
                self.assertFalse((self.root / SECOND / "_SUCCESS").exists())
                if step == "after":
                    # The table knows it: the plain run makes good what is missing.
                    self.assertEqual(self.report(), 0, self.err.getvalue())
                    self.assertTrue((self.root / SECOND / "_SUCCESS").exists())
                    self.assertTrue((self.root / "clients" / "bolt" / SECOND / "_SUCCESS").exists())


class KilledDesk(Desk):
    """Loses the database just before, or just after, the table is told."""

    def __init__(self, connection: Connection, step: str) -> None:
        super().__init__(connection)
        self._step = step

    def record(self, day: date, edition: Edition, state: str, manifest_sha256: bytes, about: About) -> None:
        if self._step == "after":
            super().record(day, edition, state, manifest_sha256, about)
        raise MySQLdb.OperationalError(2013, REPORT_LOCK)


def snapshot() -> AbstractContextManager[Snapshot]:
    """A view of the database."""
    return open_snapshot(url_of("playlog_reports"), password_of("playlog_reports"), Snapshot)
