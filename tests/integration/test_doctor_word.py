"""The doctor on a real broker, database and door: what is right, what was made wrong, and what is away."""

import json
import subprocess
from typing import Any

from tests.integration.ingest_rig import IngestRig
from tests.integration.words_case import WordsCase


class DoctorTest(WordsCase):
    def doctor(self, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        return self.word("doctor", *arguments, **({"PLAYLOG_URL": ""} | changes))

    def wrong(self, **changes: str) -> dict[str, str]:
        """What is wrong, by name, with the advice."""
        document = json.loads(self.doctor("--json", **changes).stdout)
        return {each["name"]: each["advice"] for each in document["findings"] if each["state"] == "wrong"}

    def set_global(self, name: str, value: Any) -> None:
        before = self.rig.as_root(f"SELECT @@GLOBAL.{name}").strip()
        self.addCleanup(self.rig.as_root, f"SET GLOBAL {name} = {before}")
        self.rig.as_root(f"SET GLOBAL {name} = {value}")

    def test_a_stack_as_it_should_be_is_right(self) -> None:
        done = self.doctor("--all")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"right  Kafka: topic .*: message.timestamp.type: LogAppendTime")
        self.assertRegex(done.stdout, r"right  data-centre database: max_allowed_packet: 16777216")
        self.assertRegex(done.stdout, r"right  region database: migrations: \d+ applied")
        self.assertRegex(done.stdout, r"-      not looked at: the door \(PLAYLOG_URL is not set\)")
        self.assertRegex(done.stdout, r"\d\d checks: \d\d right, 0 wrong$")

    def test_what_is_wrong_is_named_with_what_to_change(self) -> None:
        self.rig.alter_topic("retention.bytes", "1000000")
        self.set_global("max_allowed_packet", 1048576)
        self.set_global("innodb_flush_log_at_trx_commit", 2)
        self.set_global("read_only", 1)
        self.rig.rows_changed(
            "INSERT INTO consumer_offset (topic, partition_no, topic_id, next_offset, updated_at)"
            " VALUES (%s, 0, 'AAAAAAAAAAAAAAAAAAAAAA', 0, NOW(6))",
            self.rig.topic,
        )
        wrong = self.wrong(DRAIN_SECONDS="60", MAX_POLL_SECONDS="10")
        self.assertIn("set retention.bytes to -1", wrong[f"topic {self.rig.topic}: retention.bytes"])
        self.assertIn("Set max_allowed_packet to 16777216", wrong["max_allowed_packet"])
        self.assertIn("Set innodb_flush_log_at_trx_commit to 1", wrong["innodb_flush_log_at_trx_commit"])
        self.assertIn("Set read_only to OFF", wrong["read_only"])
        self.assertIn("Set it above 20", wrong["MAX_POLL_SECONDS"])
        self.assertIn("adopt-topic", wrong["ledger and topic"])
        done = self.doctor(MAX_POLL_SECONDS="10")
        self.assertEqual(done.returncode, 1)
        self.assertIn("WRONG  edge: MAX_POLL_SECONDS: 10 s", done.stdout)

    def test_the_door_is_looked_at_as_a_sender_finds_it(self) -> None:
        rig = IngestRig()
        self.addCleanup(rig.stop)
        rig.start()
        done = self.doctor("--all", PLAYLOG_URL=f"http://127.0.0.1:{rig.port}")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("right  edge: a body one byte above the limit: 413, application/json", done.stdout)
        # The app without its nginx isn't our door.
        done = self.doctor(PLAYLOG_URL=f"http://127.0.0.1:{rig.service.port}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("WRONG  edge: /ready is for the load balancer's own port: 200", done.stdout)

    def test_what_cannot_be_asked_is_said_and_the_rest_is_looked_at(self) -> None:
        done = self.doctor(
            "--all", KAFKA_BOOTSTRAP="127.0.0.1:1", DATACENTRE_DB_URL="mysql://nobody@127.0.0.1:1/nothing"
        )
        self.assertEqual(done.returncode, 75, done.stdout)
        self.assertRegex(done.stdout, r"\?      Kafka: can be asked: ")
        self.assertRegex(done.stdout, r"\?      data-centre database: can be asked: error 2002")
        self.assertIn("right  region database: time_zone", done.stdout)
