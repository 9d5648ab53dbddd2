"""Dead letters after the fact: replayed on a day that isn't final, given up, or left as they are; never twice."""

import base64
import json
import subprocess
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from common.erasure import listener_hash
from common.locks import REPORT_LOCK, named_lock
from common.records import canonical_json, canonical_value, headers_of
from consumer.letters.book import Letter
from consumer.letters.replay import Refused
from devstack.service import child_environ, word_command
from tests.fakes.play_requests import log, request
from tests.integration.letters_case import LettersCase
from tests.integration.topic_rig import eventually

ROW = """SELECT p.item, p.user_id, p.total_time_played, p.received_day FROM play_log p
  WHERE p.request_id = %s ORDER BY p.item"""


class DeadLettersTest(LettersCase):
    def mend(self, letter: Letter, item: dict[str, Any]) -> None:
        """As if the database could take the log now: it has a value that it takes."""
        packed = zlib.compress(canonical_json(item))
        self.rig.as_root(f"UPDATE dead_letter SET value_zlib = x'{packed.hex()}' WHERE id = {letter.id}")

    def word(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.rig.stack.run_word("dead-letters", *arguments)

    def test_a_log_is_stored_at_its_place_in_its_request_on_the_day_of_the_replay(self) -> None:
        sent = request(log(), log(totalTimePlayed=99_999, id="a"), log(trackId=3))
        (letter,) = self.bury(sent)
        self.mend(letter, log(totalTimePlayed=86_400, id="a"))
        done = self.replayer.replay(letter, "mended")
        self.assertEqual((done.stored, done.duplicate), (1, 0))
        today = datetime.now(UTC).date()
        found = self.rig.rows(ROW, sent.request_id.bytes)
        self.assertEqual([row[0] for row in found], [0, 1, 2])
        self.assertEqual(found[1][1:], (b"listener-1", 86_400, done.day))
        self.assertIn(done.day, {today, today - timedelta(days=1)})
        notes = self.rig.as_root(
            f"SELECT item, n_stored, operator, client FROM replay WHERE dead_letter_id = {letter.id}"
        )
        self.assertEqual(notes.split(), ["1", "1", "op", self.rig.client])
        self.assertEqual(self.letters(), [])
        with self.assertRaises(Refused):
            self.replayer.replay(letter, "again")
        self.assertEqual(len(self.rig.rows(ROW, sent.request_id.bytes)), 3)

    def test_a_rehearsal_changes_nothing(self) -> None:
        (letter,) = self.bury(request(log(totalTimePlayed=99_999)))
        self.mend(letter, log())
        self.assertEqual(self.replayer.replay(letter, "try", rehearse=True).stored, 1)
        self.assertEqual((self.letters(), self.rig.stored_rows()), ([letter], 0))

    def test_what_still_cannot_be_stored_stays_open_with_its_reason(self) -> None:
        letters = self.bury(request(log(totalTimePlayed=99_999), log(trackId="x")))
        for letter, word in zip(letters, ("error 4025", "trackId"), strict=True):
            with self.assertRaisesRegex(Refused, word):
                self.replayer.replay(letter, "hope")
        self.assertEqual((self.letters(), self.rig.stored_rows()), (letters, 0))

    def test_no_final_day_gains_a_row(self) -> None:
        (letter,) = self.bury(request(log(totalTimePlayed=99_999)))
        self.mend(letter, log())
        today = datetime.now(UTC).date()
        self.rig.as_root(
            "INSERT INTO report (day, revision, state, manifest_sha256, rows_reported, made_at)"
            f" VALUES ('{today}', 1, 'final', REPEAT('x', 32), 0, UTC_TIMESTAMP(6))"
        )
        self.addCleanup(self.rig.as_root, f"DELETE FROM report WHERE day = '{today}'")
        self.assertEqual(self.replayer.replay(letter, "mended").day, today + timedelta(days=1))

    def test_a_record_that_a_later_version_can_read_is_stored_with_its_key_and_ids_once(self) -> None:
        sent = request(log(id="a"), log(id="b"), client=self.rig.client, key="k", is_test=True)
        newer = [(name, b"2" if name == "schema" else data) for name, data in headers_of(sent)]
        value = canonical_value(sent.items)
        self.store((value, newer), (value, newer))
        first, second = self.letters()
        with self.assertRaisesRegex(Refused, "schema 2"):
            self.replayer.replay(first, "too early")
        known = json.dumps([[name, base64.b64encode(data).decode()] for name, data in headers_of(sent)])
        self.rig.as_root(f"UPDATE dead_letter SET headers_json = '{known}' WHERE id IN ({first.id}, {second.id})")
        done = [self.replayer.replay(letter, "now") for letter in (first, second)]
        self.assertEqual([(each.stored, each.duplicate) for each in done], [(2, 0), (0, 2)])
        self.assertEqual(len(self.rig.rows(ROW, sent.request_id.bytes)), 2)
        notes = self.rig.as_root(
            f"SELECT is_test, n_items, n_stored, n_duplicate, item FROM replay WHERE dead_letter_id = {first.id}"
        )
        self.assertEqual(notes.split(), ["1", "2", "2", "0", "NULL"])
        # A retry of the same request, and one log of it in another, are repeats from now on.
        again = self.send(request(log(id="a"), log(id="b"), key="k"), request(log(id="b")))
        self.assertEqual((again.stored, again.duplicate), (0, 3))

    def test_a_value_that_was_not_kept_is_named_by_its_place(self) -> None:
        self.store((None, []))
        (letter,) = self.letters()
        with self.assertRaisesRegex(Refused, "partition 0, offset 0"):
            self.replayer.replay(letter, "hope")

    def test_an_erased_listener_is_stored_under_its_token(self) -> None:
        sent = request(log(totalTimePlayed=99_999, userId="gone"))
        (letter,) = self.bury(sent)
        self.mend(letter, log(userId="gone"))
        listener = listener_hash(self.secret, self.rig.client, "gone").hex()
        self.rig.as_root(
            "INSERT INTO erased (listener, client, token, operator, asked_at) VALUES"
            f" (x'{listener}', '{self.rig.client}', 'erased-t', 'op', UTC_TIMESTAMP(6));"
            "UPDATE erasure_version SET version = version + 1"
        )
        self.replayer.replay(letter, "mended")
        self.assertEqual(self.rig.rows(ROW, sent.request_id.bytes)[0][1], b"erased-t")

    def test_the_word_lists_shows_replays_and_drops(self) -> None:
        sent = request(log(userId="secret-listener", totalTimePlayed=99_999), log(country="GBR"))
        good, bad = self.bury(sent)
        listed = self.word("list", "--client", self.rig.client)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("error 4025", listed.stdout)
        lines = self.word("list", "--each", "--json", "--client", self.rig.client).stdout.splitlines()
        self.assertEqual([json.loads(line)["item"] for line in lines], [0, 1])
        self.assertNotIn("secret-listener", listed.stdout + "".join(lines))
        self.assertIn("secret-listener", self.word("show", str(good.id)).stdout)
        self.mend(good, log())
        rehearsed = self.word("replay", "--client", self.rig.client, "--reason", "x", "--dry-run")
        self.assertIn("1 logs would be stored", rehearsed.stdout)
        replayed = self.word("replay", "--client", self.rig.client, "--reason", "mended", "--operator", "op")
        self.assertEqual(replayed.returncode, 1)
        self.assertIn("1 logs are stored", replayed.stdout)
        self.assertIn(f"dead letter {bad.id} stays open", replayed.stderr)
        dropped = self.word("drop", str(bad.id), "--reason", "no such country")
        self.assertEqual((dropped.returncode, self.letters()), (0, []))
        self.assertIn("no such country", self.word("show", str(bad.id)).stdout)
        self.assertEqual(self.word("replay", "--reason", "x").returncode, 2)
        self.assertEqual(self.word("show", "999999999").returncode, 1)

    def test_a_replay_waits_for_the_report_that_is_being_made(self) -> None:
        (letter,) = self.bury(request(log(totalTimePlayed=99_999)))
        self.mend(letter, log())
        other = self.connect_as("playlog_reports", self.rig.stack.environ("report"))
        with named_lock(other, REPORT_LOCK, 1):
            argv = word_command("dead-letters", "replay", str(letter.id), "--reason", "mended")
            child = subprocess.Popen(argv, env=child_environ(self.rig.stack.environ("dead-letters")))
            waiting = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT GET_LOCK%'"
            eventually(lambda: self.rig.as_root(waiting).strip() == "1", "it waits for the lock")
            self.assertEqual(self.letters(), [letter])
        self.assertEqual(child.wait(timeout=30), 0)
        self.assertEqual(self.letters(), [])
