"""A day's report from real tables: its files, and what makes it final."""

import hashlib
from datetime import timedelta

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

BEFORE = days_later(-1)


class FinalDay(ReportCase):
    def write_day(self) -> None:
        """Two partitions; three logs of acme, one of bolt, one of the smoke client."""
        self.day.cut(0, BEFORE, 0, "start")
        end = self.day.put(0, 0, Request(on_the_day(9), [Log(), Log(b"u2", seconds=29)]), Request(on_the_day(10)))
        self.day.cut(0, DAY, end, "quiet")
        self.day.cut(1, BEFORE, 0, "start")
        smoke = Request(on_the_day(11), client="smoke", is_test=True)
        end = self.day.put(1, 0, Request(on_the_day(11), client="bolt", duplicate=2, dead=1), smoke)
        self.day.cut(1, DAY, end)
        self.kafka = self.kafka_with(2, 2)

    def test_it_is_final_with_every_file_and_the_mark(self) -> None:
        self.write_day()
        self.assertEqual(self.report(), 0, self.err.getvalue())
        files = self.bytes_of()
        self.assertEqual(
            list(files),
            ["_SUCCESS", "manifest.json", "report.html", "summary.csv", "usage.acme.csv.gz", "usage.bolt.csv.gz"],
        )
        manifest = self.manifest()
        self.assertEqual((manifest["state"], manifest["revision"], manifest["reasons"]), ("final", 1, []))
        for name, facts in manifest["files"].items():
            self.assertEqual(facts["sha256"], hashlib.sha256(files[name]).hexdigest())
        self.assertEqual(manifest["files"]["usage.acme.csv.gz"]["rows"], 3)
        self.assertEqual(self.recorded(), [(DAY, 1, "final", 4)])

    def test_the_proof_has_each_partitions_offsets_and_balances(self) -> None:
        self.write_day()
        self.report()
        proof = self.manifest()["proof"]
        first = proof["partitions"][0]
        self.assertEqual((first["from_offset"], first["to_offset"], first["request_rows"]), (0, 2, 2))
        self.assertEqual([each["cut"] for each in proof["partitions"]], ["quiet", "record"])
        self.assertEqual(proof["balance"], {"records": 4, "request_rows": 4, "lost": 0, "difference": 0})

    def test_a_test_client_is_in_the_totals_and_in_no_file(self) -> None:
        self.write_day()
        self.report()
        totals = {each["client"]: each for each in self.manifest()["totals"]}
        self.assertEqual((totals["smoke"]["stored"], totals["smoke"]["rows_written"]), (1, 0))
        self.assertEqual({row["client"] for row in self.summary()}, {"acme", "bolt"})

    def test_the_summary_adds_up_plays_seconds_and_listeners(self) -> None:
        self.write_day()
        self.report()
        acme = self.summary()[0]
        self.assertEqual(
            (acme["plays"], acme["seconds"], acme["listeners"], acme["plays_30s"]), ("3", "89", "2", "2"), acme
        )

    def test_the_table_says_what_became_of_every_log(self) -> None:
        self.write_day()
        self.report()
        text = self.out.getvalue()
        self.assertIn(f"{DAY}: final", text)
        self.assertRegex(text, r"bolt +preview +4 +1 +2 +1 +1 +0\n")
        self.assertRegex(text, r"smoke \(test\) +preview +1 +1 +0 +0 +0 +0\n")
        self.assertIn("still in Kafka, all of later days: 0 records", text)

    def test_made_twice_it_is_the_same_byte_by_byte(self) -> None:
        self.write_day()
        self.report()
        first = self.bytes_of()
        self.assertEqual(self.report(), 0)
        self.assertEqual(self.bytes_of(), first)
        self.assertEqual(len(self.recorded()), 1)

    def test_made_anew_in_another_folder_it_is_the_same_too(self) -> None:
        self.write_day()
        self.report()
        first = self.bytes_of()
        self.root = self.root / "elsewhere"
        self.clock.turn(3 * 86_400)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(), first)

    def test_a_day_handed_over_needs_no_kafka_to_be_made_again(self) -> None:
        self.write_day()
        self.report()
        self.kafka.is_reachable = False
        self.assertEqual(self.report(), 0, self.out.getvalue())

    def test_partitions_that_are_added_later_change_no_old_report(self) -> None:
        self.write_day()
        self.report()
        first = self.bytes_of()
        for number in (2, 3, 4, 5):
            self.day.quiet(number, days_later(1))
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.bytes_of(), first)


class EmptyDay(ReportCase):
    def test_a_day_without_a_play_has_files_with_headers_zeros_and_the_mark(self) -> None:
        self.day.quiet(0, DAY)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(list(self.bytes_of()), ["_SUCCESS", "manifest.json", "report.html", "summary.csv"])
        self.assertEqual(self.manifest()["totals"], [])
        self.assertEqual(self.recorded(), [(DAY, 1, "final", 0)])

    def test_a_client_whose_logs_were_all_repeats_has_a_file_with_a_header(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        self.day.put(0, 0, Request(on_the_day(), [], duplicate=3, outcome="duplicate_key"))
        self.day.cut(0, DAY, 1)
        self.assertEqual(self.report(), 0, self.err.getvalue())
        self.assertEqual(self.usage(), [])
        self.assertEqual(self.manifest()["files"]["usage.acme.csv.gz"]["rows"], 0)


class SuspectedRepeats(ReportCase):
    def test_equal_content_without_a_key_within_48_hours_is_named_but_reported(self) -> None:
        self.day.cut(0, days_later(-4), 0, "start")
        old = on_the_day(1) - timedelta(hours=49)
        first, again = Request(on_the_day(9), content=b"x"), Request(on_the_day(10), content=b"x")
        keyed = Request(on_the_day(11), content=b"x", key=b"k")
        self.day.put(0, 0, Request(old, content=b"y"))
        self.day.cut(0, days_later(-3), 0)
        for day in (-2, -1):
            self.day.cut(0, days_later(day), 1)
        end = self.day.put(0, 1, Request(on_the_day(2), content=b"y"), first, again, keyed)
        self.day.cut(0, DAY, end)
        self.assertEqual(self.report(), 0, self.err.getvalue() + self.out.getvalue())
        repeats = self.manifest()["suspected_repeats"]
        self.assertEqual((repeats["requests"], repeats["logs"]), (1, 1))
        self.assertEqual(repeats["named"][0]["request_id"], str(again.request_id))
        self.assertEqual(repeats["named"][0]["repeats"], str(first.request_id))
        self.assertEqual(len(self.usage()), 4)

    def test_conflicts_of_keys_and_ids_are_counted(self) -> None:
        self.day.cut(0, BEFORE, 0, "start")
        conflict = Request(on_the_day(), [Log(log_id=b"a", is_id_conflict=True)], key=b"k", outcome="key_conflict")
        self.day.put(0, 0, conflict)
        self.day.cut(0, DAY, 1)
        self.report()
        totals = self.manifest()["totals"][0]
        self.assertEqual((totals["key_conflicts"], totals["id_conflicts"]), (1, 1))
        self.assertEqual(self.usage()[0]["is_id_conflict"], "1")
