"""`playlog report` and `python -m reports` as processes, with real Kafka and a real database."""

import subprocess
import sys

from common.kafka import KafkaSettings, TopicView
from devstack.service import REPOSITORY, child_environ
from devstack.topics import create_play_logs
from tests.integration.report_case import ReportCase
from tests.integration.report_day import DayWriter
from tests.integration.report_schema import DAY, SCHEMA
from tests.integration.shared_stack import shared_stack

TOPIC = "report-tests"
PLAYLOG = (sys.executable, "-m", "commands", "report")
MODULE = (sys.executable, "-m", "reports")


class Doors(ReportCase):
    def setUp(self) -> None:
        super().setUp()
        stack = shared_stack()
        create_play_logs(stack.kafka.bootstrap, TOPIC, partitions=2)
        self.environ = stack.environ("report") | {"PLAY_LOGS_TOPIC": TOPIC, "REPORT_DIR": str(self.root)}
        whole = self.environ["DATACENTRE_DB_URL"]
        self.environ["DATACENTRE_DB_URL"] = whole.replace("playlog_datacentre", SCHEMA)
        settings = KafkaSettings(stack.kafka.bootstrap, "PLAINTEXT", "", "", "", TOPIC, "group")
        self.books = DayWriter(self.connection, TopicView(settings).describe(TOPIC)[0])

    def call(self, door: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*door, "--date", DAY.isoformat(), *arguments]
        environ = child_environ(self.environ)
        return subprocess.run(
            command, env=environ, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False
        )

    def test_both_doors_make_the_same_report(self) -> None:
        for number in (0, 1):
            self.books.quiet(number, DAY)
        done = self.call(PLAYLOG)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{DAY}: final", done.stdout)
        done = self.call(MODULE, "--output-dir", str(self.root / "other"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.bytes_of(), self.bytes_of(f"other/{DAY}"))

    def test_a_partition_of_the_real_topic_that_was_not_begun_makes_it_75(self) -> None:
        self.books.quiet(0, DAY)
        done = self.call(PLAYLOG)
        self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
        self.assertIn("partition 1 has no cut", done.stdout)

    def test_a_missing_setting_is_named_with_status_78(self) -> None:
        del self.environ["KAFKA_BOOTSTRAP"]
        for door in (PLAYLOG, MODULE):
            done = self.call(door)
            self.assertEqual((done.returncode, "KAFKA_BOOTSTRAP" in done.stderr), (78, True), done.stderr)

    def test_a_database_that_cannot_be_reached_is_status_1(self) -> None:
        self.environ["DATACENTRE_DB_URL"] = "mysql://nobody@127.0.0.1:1/nothing"
        done = self.call(PLAYLOG)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("FAILED: the database failed with error", done.stderr)
