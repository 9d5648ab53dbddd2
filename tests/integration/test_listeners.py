"""An erasure takes a listener's name out of rows, letters and files; counts and proofs stay."""

import hashlib
import json
import zlib

from common.erasure import listener_hash
from common.locks import REPORT_LOCK, LockTaken, named_lock
from common.records import canonical_json
from listeners import erasure
from listeners.erasure import erase
from listeners.export import export
from listeners.registry import Listener
from tests.fakes.play_requests import log
from tests.integration.erasure_case import FILE, GONE, LETTER, SECOND, SECRET, ErasureCase
from tests.integration.report_schema import DAY


class Erasure(ErasureCase):
    def test_a_final_day_becomes_a_revision_named_erasure_with_the_same_sums(self) -> None:
        self.write_day()
        self.report()
        before, page = self.manifest(), self.bytes_of()["report.html"]
        self.assertEqual(len(self.names_in(self.root)), 2)
        done = self.erase()
        self.assertEqual((done.rows, done.days, done.revisions, done.undone), (2, 1, [DAY], {}))
        self.assertEqual(self.names_in(self.root), [])
        manifest = self.manifest(SECOND)
        digest = hashlib.sha256(self.bytes_of()["manifest.json"]).hexdigest()
        self.assertEqual(manifest["supersedes"], {"revision": 1, "manifest_sha256": digest})
        self.assertEqual((manifest["revision"], manifest["reason"], manifest["operator"]), (2, "erasure", "op"))
        for name in ("totals", "proof", "played_days", "clients", "state"):
            self.assertEqual(manifest[name], before[name], name)
        self.assertEqual(self.bytes_of(SECOND)["summary.csv"], self.bytes_of()["summary.csv"])
        self.assertNotEqual(self.bytes_of(SECOND)["report.html"], page)
        users = [row["user_id"] for row in self.usage(folder=SECOND)]
        self.assertEqual(users, [done.token, "here", done.token, "gone "])
        self.assertEqual(self.usage(folder=SECOND)[0]["user_agent"], done.token)
        self.assertEqual([row[1] for row in self.recorded()], [1, 2])

    def test_made_again_from_the_renamed_rows_it_is_the_same_byte_by_byte(self) -> None:
        self.write_day()
        self.report()
        self.erase()
        second = self.bytes_of(SECOND)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(SECOND), second)
        self.assertEqual(self.until_final(), 0, self.err.getvalue())

    def test_older_editions_and_clients_folders_lose_the_name_and_say_what_they_hold_since(self) -> None:
        self.write_day()
        self.report()
        self.erase()
        note = (self.root / DAY.isoformat() / "_ERASED").read_text().split()
        self.assertEqual(note, [hashlib.sha256(self.bytes_of()[FILE]).hexdigest(), FILE])
        acme = self.root / "clients" / "acme"
        self.assertTrue((acme / DAY.isoformat() / "_ERASED").exists())
        self.assertEqual((acme / SECOND / FILE).read_bytes(), self.bytes_of(SECOND)[FILE])
        self.assertEqual([row["user_id"] for row in self.usage("bolt")], ["gone"])

    def test_the_note_has_a_line_for_each_file_that_lost_a_name(self) -> None:
        self.write_day()
        self.report()
        self.erase()
        for client, user_id in (("bolt", "gone"), ("acme", "here")):
            listener = Listener(client, user_id, listener_hash(SECRET, client, user_id))
            erase(self.listeners, self.root, listener, "op", lambda _: None)
        for folder in (DAY.isoformat(), f"{DAY}.r2"):
            files = self.bytes_of(folder)
            changed = [FILE, "usage.bolt.csv.gz"]
            expected = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in changed)
            self.assertEqual((self.root / folder / "_ERASED").read_text(), expected)

    def test_a_day_that_is_not_final_is_final_later_under_the_token(self) -> None:
        self.write_day()
        self.run_sql("DELETE FROM day_cut WHERE day = %s", DAY)
        self.report(provisional=True)
        done = self.erase()
        self.assertEqual((done.rows, done.revisions, self.names_in(self.root)), (2, [], []))
        self.day.cut(0, DAY, 2)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.names_in(self.root), [])

    def test_a_day_whose_rows_are_gone_is_erased_from_its_files(self) -> None:
        self.write_day()
        self.report()
        self.run_sql("DELETE FROM play_log")
        done = self.erase()
        self.assertEqual((done.rows, done.revisions, self.names_in(self.root)), (0, [DAY], []))

    def test_asked_again_it_has_nothing_to_do_and_the_token_stays(self) -> None:
        self.write_day()
        self.report()
        first = self.erase()
        again = self.erase()
        self.assertEqual((again.token, again.rows, again.revisions), (first.token, 0, []))
        self.assertEqual(len(self.recorded()), 2)
        self.assertIsNotNone(self.rows("SELECT done_at FROM erased")[0][0])

    def test_files_that_are_not_there_are_said_and_taken_up_later(self) -> None:
        self.write_day()
        self.report()
        moved = self.root.with_name(f"{self.root.name}.away")
        (self.root / DAY.isoformat()).rename(moved)
        done = self.erase()
        self.assertIn("no manifest", done.undone[DAY])
        self.assertIsNone(self.rows("SELECT done_at FROM erased")[0][0])
        moved.rename(self.root / DAY.isoformat())
        self.assertEqual((self.erase().undone, self.names_in(self.root)), ({}, []))

    def test_no_report_is_made_meanwhile(self) -> None:
        with named_lock(self.connection, REPORT_LOCK, 1):
            erasure.LOCK_WAIT_SECONDS, before = 1, erasure.LOCK_WAIT_SECONDS
            self.addCleanup(setattr, erasure, "LOCK_WAIT_SECONDS", before)
            with self.assertRaises(LockTaken):
                self.erase()

    def test_it_exports_what_is_kept_before_and_nothing_after(self) -> None:
        self.write_day()
        self.run_sql(LETTER, 3, b"r" * 16, "acme", zlib.compress(canonical_json(log(userId="gone"))), b"[]")
        found = [json.loads(line) for line in export(self.listeners, self.root, GONE)]
        self.assertEqual([each["kept_in"] for each in found], ["database", "database", "dead letters"])
        self.assertEqual({each.get("user_id", each.get("userId")) for each in found}, {"gone"})
        self.report()
        self.run_sql("DELETE FROM play_log")
        found = [json.loads(line) for line in export(self.listeners, self.root, GONE)]
        self.assertEqual([each["kept_in"] for each in found], ["dead letters", DAY.isoformat(), DAY.isoformat()])
        self.erase()
        self.assertEqual(list(export(self.listeners, self.root, GONE)), [])
