"""The comparator: a fault of one side is named with its field, a clock is noise, and no key is kept."""

import json
from typing import Any

from moving.plan import Move
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.operator_words import DETAILS


class ComparingTest(MovingCase):
    def setUp(self) -> None:
        super().setUp()
        self.rig.put(shadow=100)

    def report(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.rig.does("report", "--json", *arguments))
        return found

    def fields(self) -> dict[str, str]:
        """Each field that differs or is noise, and its verdict."""
        (path,) = self.report()["paths"]
        return {field["name"]: field["verdict"] for field in path["fields"]}

    def test_both_apis_say_the_same_of_the_whole_catalogue_in_both_formats(self) -> None:
        for track in self.rig.tracks[:40]:
            self.rig.get(track)
            self.rig.get(track, Accept="application/json")
        self.assertEqual(self.rig.compared(80), {"equal": 80})

    def test_a_wrong_field_is_named_with_both_values_and_the_request(self) -> None:
        self.rig.fault(wrong_field="title")
        reply = self.rig.get(self.rig.tracks[0])
        self.assertEqual(self.rig.compared(1), {"differs": 1})
        (path,) = self.report()["paths"]
        (field,) = path["fields"]
        self.assertEqual((field["name"], field["verdict"], field["count"]), ("/response/track/title", "differs", 1))
        (sample,) = field["samples"]
        self.assertEqual((sample["legacy"], sample["client"]), ("a wrong title", "acme"))
        self.assertEqual(sample["url"], f"{DETAILS}?trackid={self.rig.tracks[0]}&country=GB&usageTypes=download")
        line = self.rig.wait_for_log(sample["request_id"])
        self.assertEqual((line["client"], line["status"]), ("acme", str(reply.status_code)))
        said = self.rig.does("report")
        self.assertIn("/1.2/track/details /response/track/title: differs, 1 times", said)

    def test_a_time_stamp_is_noise_and_a_fault_beside_it_differs(self) -> None:
        self.rig.fault(time_stamp=True)
        self.rig.get(self.rig.tracks[0])
        self.assertEqual(self.rig.compared(1), {"noise": 1})
        self.assertEqual(self.fields(), {"/response/track/pline": "noise"})
        self.rig.region("DELETE FROM move_comparison")
        self.rig.fault(time_stamp=True, wrong_field="isrc")
        self.rig.get(self.rig.tracks[0])
        self.rig.compared(1)
        self.assertEqual(self.fields(), {"/response/track/isrc": "differs"})

    def test_a_failing_legacy_api_differs_in_its_status_and_its_clients_see_it(self) -> None:
        self.rig.fault(status=500)
        self.assertEqual(self.rig.get(self.rig.tracks[0]).status_code, 500)
        self.assertEqual(self.rig.compared(1), {"differs": 1})
        self.assertIn("@status", self.fields())

    def test_a_slow_legacy_api_is_waited_for_by_nobody_but_its_clients(self) -> None:
        self.rig.fault(delay_seconds=0.15)
        for track in self.rig.tracks[:3]:
            self.rig.get(track)
        self.rig.put(Move(1, DETAILS), shadow=100)
        self.rig.fault(delay_seconds=0.5)
        self.assertLess(self.rig.get(self.rig.tracks[0]).elapsed.total_seconds(), 0.5)
        self.assertEqual(self.rig.compared(4), {"equal": 4})

    def test_a_stopped_and_a_dead_comparator_cost_clients_nothing(self) -> None:
        child = self.rig.stack.comparator.child
        child.pause()
        try:
            self.assertEqual(set(self.rig.origins(self.rig.tracks[:50]).values()), {"legacy"})
        finally:
            child.resume()
        self.rig.compared(50)
        self.assertRegex(self.rig.does("list"), r"comparator \S+, heard of \d s ago: told of")
        self.rig.stack.comparator.stop()
        self.addCleanup(self.rig.stack.comparator.restart)
        self.assertIn("comparator none: nothing is compared", self.rig.does("list"))
        self.assertEqual(set(self.rig.origins(self.rig.tracks[:50]).values()), {"legacy"})

    def test_neither_key_nor_signature_nor_verdict_is_kept_or_logged(self) -> None:
        self.rig.fault(wrong_field="title")
        self.rig.get(self.rig.tracks[0])
        self.rig.get(self.rig.tracks[0], Authorization=f"OAuth oauth_consumer_key={self.rig.key}")
        self.rig.compared(2)
        kept = self.rig.region(
            "SELECT * FROM move_comparison; SELECT * FROM move_version; SELECT * FROM move_comparator"
        )
        logs = "".join(path.read_text() for path in (self.rig.stack.home / "log").glob("*.log"))
        for text in (kept, logs):
            self.assertNotIn(self.rig.key, text)
            self.assertNotIn("oauth_consumer_key", text)

    def test_the_page_holds_what_the_table_says_and_escapes_it(self) -> None:
        self.rig.fault(wrong_field="title")
        self.rig.get(self.rig.tracks[0], Accept="application/json")
        self.rig.compared(1)
        page = self.rig.stack.home / "report.html"
        self.assertIn("written to", self.rig.does("report", "--html", str(page)))
        text = page.read_text()
        self.assertIn("<code>/track/title</code>", text)
        self.assertIn("&#34;a wrong title&#34;", text)
        self.assertNotIn("src=", text)

    def test_of_a_share_about_so_many_are_compared_moved_or_not(self) -> None:
        tracks = self.rig.tracks[:120]
        for moves in ((), (Move(1, DETAILS),)):
            self.rig.put(*moves, shadow=20)
            self.rig.origins(tracks)

        def counts() -> list[int]:
            rows = self.rig.region("SELECT COUNT(*) FROM move_comparison GROUP BY origin").split()
            return [int(each) for each in rows]

        eventually(lambda: len(counts()) == 2 and min(counts()) >= 5, "of each some are compared", 10)
        self.assertLess(max(counts()), 65)
