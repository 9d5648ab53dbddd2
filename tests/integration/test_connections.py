"""The connections on which the ledger rests: their time-outs and modes, and that a dead one frees its locks."""

import unittest

from common.database import connect, rows, run
from tests.integration.report_schema import connect_as, empty_tables, make_schema, password_of, url_of

SETTINGS = """
SELECT @@wait_timeout, @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@time_zone, @@autocommit, @@sql_mode"""
LOCK = "SELECT * FROM consumer_offset WHERE topic = 't' FOR UPDATE"


class ConnectionsTest(unittest.TestCase):
    def setUp(self) -> None:
        make_schema()
        self.admin = connect_as("playlog_migrate")
        self.addCleanup(self.admin.close)
        empty_tables(self.admin)

    def test_a_session_has_the_time_outs_and_modes_of_the_rules(self) -> None:
        found = rows(self.admin, SETTINGS)[0]
        self.assertEqual(found[:5], (30, 5, 5, "+00:00", 0))
        self.assertIn("STRICT_TRANS_TABLES", str(found[5]))
        isolation = (
            "SELECT VARIABLE_VALUE FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME LIKE 't%isolation'"
        )
        self.assertEqual({value for (value,) in rows(self.admin, isolation)}, {"READ-COMMITTED"})

    def test_a_session_that_was_cut_off_silently_frees_its_locks_by_itself(self) -> None:
        run(self.admin, "INSERT INTO consumer_offset VALUES ('t', 0, REPEAT('t', 22), 0, NULL, NULL, NOW(6))")
        self.admin.commit()
        dead = connect(url_of("playlog_migrate"), password_of("playlog_migrate"), idle_seconds=1)
        self.addCleanup(dead.close)
        rows(dead, LOCK)
        # The server ends it after its idle time, within the time that the other waits for the lock.
        self.assertEqual(len(rows(self.admin, LOCK)), 1)
        self.admin.rollback()
