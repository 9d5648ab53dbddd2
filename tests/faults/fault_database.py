"""The data centre's database dies, refuses, lacks something, or comes back as it was some time ago."""

import shutil
import time
from contextlib import ExitStack, closing, suppress

import MySQLdb

from common.config import load
from common.database import connect
from devstack.emptied import locked
from reports.reader_config import ReaderConfig
from tests.faults.case import FaultCase
from tests.faults.scene import Scene

#: How old the restored state is.
RESTORED_SECONDS = 300


def end_sessions(scene: Scene) -> None:
    """Ends the persister's sessions: the next ones see the server's new settings."""
    for (number,) in scene.sql("SELECT id FROM information_schema.processlist WHERE user = 'playlog_persister'"):
        scene.sql(f"KILL {number}")


class DatabaseTest(FaultCase):
    def trouble(self, code: int) -> None:
        """Waits until the persister has met this error."""
        self.scene.wait_for_line(self.scene.persisters[-1], f"database error {code}")

    def test_mariadb_is_killed(self) -> None:
        scene = self.begin()
        with self.fault():
            scene.stack.mariadb.kill()
            scene.run_on(8)
            scene.stack.mariadb.restart()
        self.settle("MariaDB: kill -9, back after 8 s", self.recover())

    def test_mariadb_is_stopped(self) -> None:
        scene = self.begin()
        with self.fault():
            scene.stack.mariadb.child.stop()
            scene.run_on(3)
            scene.stack.mariadb.restart()
        self.settle("MariaDB: SIGTERM, back after 3 s", self.recover())

    def test_mariadb_is_read_only(self) -> None:  # G17
        scene = self.begin()
        self.addCleanup(scene.sql, "SET GLOBAL read_only = 0")
        with self.fault():
            scene.sql("SET GLOBAL read_only = 1")
            self.trouble(1290)
            scene.run_on(60)
            scene.sql("SET GLOBAL read_only = 0")
        self.settle("MariaDB: read-only for 60 s", self.recover())
        self.assertEqual(scene.sql("SELECT COUNT(*) FROM dead_letter"), [["0"]])

    def test_a_table_is_locked(self) -> None:  # G16
        scene = self.begin()
        with self.fault(), locked(scene.stack, "idempotency_key"):
            scene.run_on(30)
        self.trouble(1205)
        self.settle("MariaDB: idempotency_key locked for 30 s", self.recover())

    def test_mariadb_is_out_of_connections(self) -> None:
        scene = self.begin()
        ((most,),) = scene.sql("SELECT @@max_connections")
        self.addCleanup(scene.sql, f"SET GLOBAL max_connections = {most}")
        config = load(ReaderConfig, scene.stack.environ("status")).datacentre
        with self.fault(), ExitStack() as held:
            scene.sql("SET GLOBAL max_connections = 10")

            def take_the_rest() -> bool:
                """Takes every connection that is free; whether the persister found none."""
                end_sessions(scene)
                with suppress(MySQLdb.OperationalError):
                    while True:
                        held.enter_context(closing(connect(config.database, config.password, idle_seconds=600)))
                return "database error 1040" in scene.log_of(scene.persisters[-1])

            self.eventually(take_the_rest, "the persister finds no connection")
            scene.run_on(10)
            scene.sql(f"SET GLOBAL max_connections = {most}")
        self.settle("MariaDB: out of connections for 10 s", self.recover())

    def test_the_days_partition_is_missing(self) -> None:
        scene = self.begin(persisters=0)
        names = scene.sql(
            "SELECT partition_name, partition_description > QUOTE(UTC_DATE()) FROM information_schema.partitions"
            " WHERE table_schema = DATABASE() AND table_name = 'play_log' ORDER BY partition_ordinal_position"
        )
        gone = [name for name, is_coming in names if is_coming == "1"]
        self.assertTrue(gone)
        with self.fault():
            scene.sql(f"ALTER TABLE play_log DROP PARTITION {', '.join(gone)}")
            scene.start_persister()
            self.trouble(1526)
            scene.wait_for_line(scene.persisters[-1], "ALERT: tables exist for -1 more days: run `playlog migrate`")
            scene.run_on(5)
            scene.word("migrate", "datacentre")
        self.settle("MariaDB: no partition for the day, made by `playlog migrate`", self.recover())

    def test_statements_are_too_large(self) -> None:
        scene = self.begin(rate=100)
        self.addCleanup(scene.sql, "SET GLOBAL max_allowed_packet = 16777216")
        with self.fault():
            scene.sql("SET GLOBAL max_allowed_packet = 1024")
            end_sessions(scene)
            self.eventually(lambda: "waits" in scene.log_of(scene.persisters[-1]), "the persister waits")
            scene.run_on(10)
            scene.sql("SET GLOBAL max_allowed_packet = 16777216")
        self.settle("MariaDB: max_allowed_packet lowered to 1 KiB for 10 s", self.recover())

    def test_mariadb_is_restored_to_an_older_state(self) -> None:
        scene = self.begin()
        mariadb = scene.stack.mariadb
        kept = mariadb.data.with_name("mariadb.kept")
        self.addCleanup(shutil.rmtree, kept, ignore_errors=True)
        mariadb.child.stop()
        shutil.copytree(mariadb.data, kept)
        mariadb.restart()
        time.sleep(RESTORED_SECONDS)
        # Between the restore and the persister's next look a receipt knows more than the database.
        self.watch.pause()
        before = scene.position()
        with self.fault():
            mariadb.kill()
            shutil.rmtree(mariadb.data)
            shutil.copytree(kept, mariadb.data)
            mariadb.restart()
            self.assertLess(scene.position(), before)
        recovered = self.recover()
        self.eventually(lambda: scene.position() > before, "what was missing is stored again")
        self.watch.go_on()
        scene.wait_for_line(scene.persisters[-1], "ALERT: the database went back in time")
        scene.run_on(3)
        self.settle(f"MariaDB: restored to its state of {RESTORED_SECONDS} s before", recovered)

    def test_a_first_start_on_an_empty_ledger(self) -> None:
        scene = self.begin(persisters=0)
        with self.fault():
            scene.run_on(5)
            scene.start_persister()
        self.settle("first start on an empty ledger, with a backlog", self.recover())
