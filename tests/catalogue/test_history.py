"""The topic's history: read again into an empty database, up to any point; and cut, never too much."""

import re
import time
import unittest
from datetime import UTC, datetime
from typing import ClassVar

from devstack.mariadb_settings import REGION
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.catalogue.schemas import empty_schema, rows_of

WRITTEN_BY_THE_SINK = (
    *("catalogue_release", "catalogue_track", "catalogue_record", "catalogue_sum", "catalogue_mark"),
    *("consumer_offset", "gap", "dead_letter"),
)
HELD = "SELECT release_id, version, state, digest FROM catalogue_release ORDER BY release_id"


class HistoryTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        for release in range(4007401, 4007404):
            cls.rig.add_release(release)
        cls.rig.settled()

    def replay(self, until: str) -> tuple[str, str]:
        """Into an empty schema; the schema, and what is said."""
        url = empty_schema(self.rig.stack, "catalogue_replay")
        password = self.rig.stack.secrets["playlog_migrate"]
        done = self.rig.word("replay", "--into", url, "--until", until, REPLAY_DB_PASSWORD=password)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("ALERT", done.stderr)
        said = done.stdout
        return "catalogue_replay", said

    def test_a_replay_ends_as_it_was_recorded(self) -> None:
        rig = self.rig
        checkpoint = rig.last_checkpoint()
        before = rig.region(HELD)
        time.sleep(0.01)  # A moment of its own between the two changes, for the third replay.
        moment = datetime.now(UTC).isoformat()
        rig.change("UPDATE catalogue_release SET title = 'Later' WHERE release_id = 4007402")
        rig.does("takedown", "4007403", "--reason", "a test")
        rig.settled()
        for until in (str(checkpoint), moment):
            schema, said = self.replay(until)
            self.assertIn("equal to what was recorded", said)
            self.assertEqual(rows_of(rig.stack, schema, HELD), before)
        schema, said = self.replay("end")
        self.assertEqual(rows_of(rig.stack, schema, HELD), rig.region(HELD))
        places = rig.source("SELECT partition_no, kafka_offset FROM catalogue_mark_place WHERE number = %s", checkpoint)
        schema, said = self.replay(",".join(f"{number}:{offset + 1}" for number, offset in places))
        self.assertEqual(rows_of(rig.stack, schema, HELD), before)
        self.assertEqual(said.count(": equal"), rig.partitions + 1)

    def test_a_database_that_isnt_empty_and_a_point_that_isnt_there_are_refused(self) -> None:
        rig = self.rig
        url = f"mysql://playlog_migrate@127.0.0.1:{rig.stack.mariadb.port}/{REGION}"
        password = rig.stack.secrets["playlog_migrate"]
        done = rig.word("replay", "--into", url, REPLAY_DB_PASSWORD=password)
        self.assertEqual(done.returncode, 1)
        self.assertIn("isn't empty", done.stderr)
        for until, status, part in (
            ("yesterday", 2, "--until must be"),
            ("2026-11-27T00:00:00", 2, "with its zone"),
            ("99:1", 2, "no partition 99"),
            ("999999", 1, "isn't in every partition"),
        ):
            empty = empty_schema(rig.stack, "catalogue_refused")
            done = rig.word("replay", "--into", empty, "--until", until, REPLAY_DB_PASSWORD=password)
            self.assertEqual(done.returncode, status, done.stdout)
            self.assertIn(part, done.stderr + done.stdout)
        done = rig.word("replay", "--into", url)
        self.assertEqual(done.returncode, 78)
        self.assertIn("REPLAY_DB_PASSWORD is not set", done.stderr)
        self.assertEqual(rig.word("replay", "--into", "nowhere").returncode, 2)

    def test_trim_leaves_what_a_new_region_needs_and_no_more(self) -> None:
        rig = self.rig
        while len(rig.source("SELECT 1 FROM catalogue_load WHERE state = 'done'")) < 2:
            done = rig.word("trim")
            self.assertEqual(done.returncode, 1)
            self.assertIn("publish --all", done.stderr)
            rig.does("publish", "--all")
        rig.settled()
        done = rig.word("trim", "--group", "a-region-that-never-read")
        self.assertEqual(done.returncode, 1)
        self.assertIn("has read partition 0 up to offset None", done.stderr)
        self.assertIn("Nothing was cut", rig.does("trim", "--dry-run"))
        said = rig.does("trim")
        self.assertIn("the topic begins with whole load", said)
        too_early = ",".join(f"{number}:{int(begin) + 1}" for number, begin in re.findall(r"(\d+):(\d+)", said))
        self.assertIn("0 records are cut", rig.does("trim"))
        rig.assert_equal("--from-log")
        schema, said = self.replay("end")
        self.assertIn("equal to what was recorded", said)
        live = HELD.replace("ORDER BY", "WHERE state <> 'ghost' ORDER BY")
        held = rig.region(live)
        self.assertEqual(rows_of(rig.stack, schema, live), held)
        password = rig.stack.secrets["playlog_migrate"]
        url = empty_schema(rig.stack, "catalogue_replay")
        done = rig.word("replay", "--into", url, "--until", too_early, REPLAY_DB_PASSWORD=password)
        self.assertEqual(done.returncode, 1)
        self.assertIn("NOT EQUAL", done.stdout)
        self.assertIn("cut off: it is whole behind that load's end", done.stdout)
        # A new region begins with what the trimmed topic has left.
        rig.stack.sink.stop()
        rig.as_root(REGION, "".join(f"DELETE FROM {table};" for table in WRITTEN_BY_THE_SINK))
        unproved = rig.word("verify", "--leg", "region")
        self.assertEqual(unproved.returncode, 75, unproved.stdout)
        self.assertIn("has read nothing of the topic yet", unproved.stdout)
        unread = "release/details?releaseid=4007401&country=GB"
        rig.wait_for_answer(unread, lambda reply: reply.status_code == 503 and "still arriving" in reply.text)
        told_before = rig.stack.sink.child.log_path.stat().st_size
        rig.stack.sink.start()
        rig.assert_equal("--from-log")
        told = rig.stack.sink.child.log_path.read_bytes()[told_before:].decode()
        self.assertIn("begins behind a trim", told)
        self.assertNotIn("ALERT", told)
        self.assertEqual(rig.region(live), held)
        rig.wait_for_answer(unread, lambda reply: reply.status_code == 200)
        rig.wait_for_answer("release/details?releaseid=5&country=GB", lambda reply: reply.status_code == 404)
        reasons = rig.as_root(REGION, "SELECT DISTINCT reason FROM gap").splitlines()
        self.assertEqual(reasons, ["cut off before these books began"])
