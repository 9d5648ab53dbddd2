"""When going on would lose or double a log the persister stops, names the loss, and the way out works."""

import subprocess
import unittest
from datetime import UTC, datetime, timedelta

from consumer.booking import last_ended_day
from devstack.service import REPOSITORY, child_environ, word_command
from tests.fakes.play_requests import log, request
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

GAPS = "SELECT from_offset, to_offset, reason, operator FROM gap WHERE topic_id = %s"


class StopTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = PersisterRig()
        self.addCleanup(self.rig.close)

    def consume(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            word_command("consume", *arguments),
            env=child_environ(self.rig.environ),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def store(self, number: int) -> None:
        """Stores so many records and ends the persister."""
        self.rig.produce(*(request() for _ in range(number)))
        child = self.rig.start()
        self.rig.wait_until_stored(number)
        child.stop()

    def test_a_saved_offset_that_is_gone_stops_it_and_is_named(self) -> None:  # G13
        self.store(10)
        self.rig.produce(*(request() for _ in range(60)))
        self.rig.delete_before(60)
        child = self.rig.start()
        said = self.rig.wait_for_end(child)
        self.assertEqual(child.status(), 1)
        self.assertIn("50 records of partition 0 are gone: wanted offset 10, the oldest left is 60", said)
        self.assertEqual(self.rig.position(), 10)
        refused = self.consume("accept-loss", self.rig.topic, "0", "10", "61", "--reason", "too much")
        self.assertEqual((refused.returncode, self.rig.position()), (1, 10))
        self.assertIn("Nothing was changed", refused.stderr)
        done = self.consume("accept-loss", self.rig.topic, "0", "10", "60", "--reason", "a test", "--operator", "me")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.rig.rows(GAPS, self.rig.topic_id), [(10, 60, "a test", "me")])
        self.rig.start()
        self.rig.wait_until_stored(70)
        self.assertEqual(self.rig.balance(), (20, 20, 0, 0, 20))

    def test_a_hole_between_records_stops_it_and_can_be_accepted(self) -> None:
        # A transaction's end takes an offset and is never given to a consumer: to us a record that is gone.
        self.rig.produce(request())
        self.rig.produce_in_transaction(request())
        self.rig.produce(request())
        said = self.rig.wait_for_end(self.rig.start())
        self.assertIn("1 records of partition 0 are gone: wanted offset 2, got 3", said)
        self.assertEqual(self.rig.position(), 2)
        too_much = self.consume("accept-loss", self.rig.topic, "0", "2", "4", "--reason", "too much")
        self.assertEqual((too_much.returncode, self.rig.position()), (1, 2))
        done = self.consume("accept-loss", self.rig.topic, "0", "2", "3", "--reason", "a test")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.rig.start()
        self.rig.wait_until_stored(4)
        self.assertEqual(self.rig.balance(), (3, 3, 0, 0, 3))

    def test_an_empty_ledger_on_a_topic_that_has_lost_its_start_stops_it(self) -> None:
        self.rig.produce(*(request() for _ in range(5)))
        self.rig.delete_before(3)
        child = self.rig.start()
        said = self.rig.wait_for_end(child)
        self.assertIn("its oldest record is at offset 3", said)
        self.assertEqual(self.rig.position(), -1)
        done = self.consume("accept-loss", self.rig.topic, "0", "0", "3", "--reason", "stored elsewhere")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.rig.start()
        self.rig.wait_until_stored(5)
        self.assertEqual(self.rig.balance(), (2, 2, 0, 0, 2))

    def test_an_empty_ledger_at_first_start_begins_at_nought_and_cuts_the_quiet_day_before(self) -> None:
        self.rig.start()
        self.rig.wait_until_stored(0)
        eventually(self.rig.is_reading, "it reads")
        cuts = "SELECT day, cut_offset, cause FROM day_cut WHERE topic_id = %s ORDER BY day"
        eventually(lambda: len(self.rig.rows(cuts, self.rig.topic_id)) == 2, "yesterday is cut")
        last = last_ended_day(datetime.now(UTC))
        expected = [(last - timedelta(days=1), 0, "start"), (last, 0, "quiet")]
        self.assertEqual(self.rig.rows(cuts, self.rig.topic_id), expected)

    def test_a_topic_made_again_stops_it_and_can_be_adopted(self) -> None:
        self.store(4)
        self.rig.delete_topic()
        self.rig.make_topic()
        new_id = self.rig.current_topic_id()
        self.rig.produce(*(request(log(trackId=9)) for _ in range(10)))
        child = self.rig.start()
        said = self.rig.wait_for_end(child)
        self.assertIn("was made again", said)
        self.assertEqual(self.rig.position(), 4)
        done = self.consume("adopt-topic", self.rig.topic, "--reason", "a test")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.rig.start()
        self.rig.wait_until_stored(10)
        old = self.rig.balance()
        self.rig.topic_id, old_id = new_id, self.rig.topic_id
        self.assertEqual((old[4], self.rig.balance()[4]), (4, 10))
        causes = self.rig.rows("SELECT cause FROM day_cut WHERE topic_id = %s ORDER BY day", old_id)
        self.assertEqual([row[0] for row in causes], ["start", "adopted"])

    def test_a_topic_made_again_and_refilled_past_the_position_while_paused_stores_nothing(self) -> None:
        self.store(5)
        child = self.rig.start()
        eventually(self.rig.is_reading, "it reads")
        lock = self.rig.lock_position()
        self.rig.produce(*(request() for _ in range(3)))
        eventually(lambda: self.rig.trouble() != [], "it is paused")
        self.rig.delete_topic()
        self.rig.make_topic()
        self.rig.current_topic_id()
        self.rig.produce(*(request(log(trackId=666)) for _ in range(50)))
        lock.close()
        said = self.rig.wait_for_end(child)
        self.assertIn("was made again", said)
        self.assertEqual(self.rig.position(), 5)
        sql = "SELECT COUNT(*) FROM play_log WHERE track_id = 666 AND client = %s"
        wrong = self.rig.rows(sql, self.rig.client)
        self.assertEqual(wrong[0][0], 0)

    def test_a_ledger_ahead_of_the_topic_stops_it(self) -> None:
        self.store(3)
        self.rig.rows_changed("UPDATE consumer_offset SET next_offset = 99 WHERE topic = %s", self.rig.topic)
        said = self.rig.wait_for_end(self.rig.start())
        self.assertIn("no row for the record before it", said)

    def test_another_record_at_the_saved_place_stops_it(self) -> None:
        self.store(3)
        self.rig.rows_changed(
            "UPDATE request SET request_id = UNHEX(REPEAT('ab', 16)) WHERE topic_id = %s AND kafka_offset = 2",
            self.rig.topic_id,
        )
        said = self.rig.wait_for_end(self.rig.start())
        self.assertIn("isn't the one that the ledger stored", said)

    def test_a_topic_with_losing_settings_is_refused_at_start(self) -> None:
        self.rig.alter_topic("message.timestamp.type", "CreateTime")
        said = self.rig.wait_for_end(self.rig.start())
        self.assertIn("set message.timestamp.type to LogAppendTime (it is CreateTime)", said)
