"""Day partitions on a real server."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import MySQLdb

from common.database import rows, run
from migrations.days import CLIENT_LOG_ID, PLAY_LOG, add_days, read_bounds
from migrations.files import BadMigrations, read_migrations
from tests.fakes.hand_clock import HandClock
from tests.integration.migrate_case import MigrateCase, quietly
from tests.integration.report_schema import MIGRATIONS

TODAY = date(2026, 11, 25)


class Days(MigrateCase):
    def setUp(self) -> None:
        super().setUp()
        self.migrate(read_migrations(MIGRATIONS))

    def add(self, today: date = TODAY, sleep: Callable[[float], None] = quietly) -> dict[str, int]:
        return add_days(self.connection, today, self.told.append, sleep)

    def test_the_first_run_makes_the_days_back_and_ahead_and_the_second_none(self) -> None:
        self.assertEqual(self.add(), {"play_log": 29, "client_log_id": 78})
        self.assertEqual(self.add(), {"play_log": 0, "client_log_id": 0})
        last = max(bound for _, bound in read_bounds(self.connection, PLAY_LOG.name))
        self.assertEqual(last, date(2026, 12, 10))
        names = [name for name, _ in read_bounds(self.connection, CLIENT_LOG_ID.name)]
        self.assertEqual((names[0], names[1], names[-1]), ("p_before", "p20260923", "p20261209"))

    def test_a_run_after_a_month_leaves_no_day_out(self) -> None:
        self.add()
        self.assertEqual(self.add(date(2026, 12, 25)), {"play_log": 30, "client_log_id": 30})

    def test_a_row_of_each_day_finds_its_partition(self) -> None:
        self.add()
        sql = "INSERT INTO client_log_id VALUES (%s, 'acme', 'preview', 'x', REPEAT('a', 32), REPEAT('b', 16), 0)"
        for day in (date(2026, 11, 25), date(2026, 9, 23), date(2026, 12, 9), date(2020, 1, 1)):
            self.assertEqual(run(self.connection, sql, (day,)), 1)
        with self.assertRaises(MySQLdb.OperationalError) as caught:
            run(self.connection, sql, (date(2026, 12, 10),))
        self.assertEqual(caught.exception.args[0], 1526)

    def test_a_long_read_is_waited_for_in_short_steps(self) -> None:
        reader = self.connect()
        rows(reader, "SELECT COUNT(*) FROM play_log")
        pauses: list[float] = []

        def reader_ends(seconds: float) -> None:
            pauses.append(seconds)
            reader.rollback()

        self.assertEqual(self.add(sleep=reader_ends)["play_log"], 29)
        self.assertEqual(len(pauses), 1)

    def test_a_read_that_never_ends_is_an_error_that_says_what_to_do(self) -> None:
        reader = self.connect()
        run(self.connection, "SET SESSION lock_wait_timeout = 1")
        rows(reader, "SELECT COUNT(*) FROM play_log")
        with self.assertRaisesRegex(BadMigrations, "end the long transaction"):
            add_days(self.connection, TODAY, quietly, quietly, tries=2)

    def test_the_time_of_the_migration_is_kept(self) -> None:
        found = rows(self.connection, "SELECT applied_at FROM schema_migration WHERE number = 1")[0][0]
        assert isinstance(found, datetime)
        self.assertEqual(found.replace(tzinfo=UTC), HandClock().now())
