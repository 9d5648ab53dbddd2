"""The gate opens by evidence alone, the history keeps it, and what goes wrong goes back by itself."""

from moving.plan import Move
from tests.integration.topic_rig import eventually
from tests.moving.moving_case import MovingCase
from tests.moving.operator_words import DETAILS

#: How long both take on a busy machine is no matter of these tests: tests/unit/moving/test_gate.py.
UNTIMED = ("--slower", "100")


class GatingTest(MovingCase):
    def setUp(self) -> None:
        super().setUp()
        if "differs_goes_back" not in self._testMethodName and "larger_share" not in self._testMethodName:
            self.rig.put(shadow=100)

    def ask(self, number: int, *, track: int | None = None) -> None:
        """So many requests, compared."""
        before = sum(self.rig.verdicts().values())
        tracks = [track] * number if track else self.rig.tracks[:number]
        for each in tracks:
            self.rig.get(each)
        self.rig.compared(before + number)

    def test_it_stays_shut_without_evidence_and_says_each_reason(self) -> None:
        version = self.rig.plan()["version"]
        done = self.rig.word("add", "--path", DETAILS)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("only 0 comparisons of it in the last day, 100 are wanted", done.stderr)
        self.assertIn("--force --reason", done.stderr)
        self.assertEqual((self.rig.plan()["version"], self.rig.plan()["moves"]), (version, []))

    def test_it_opens_by_equal_comparisons_of_just_that_and_the_history_keeps_them(self) -> None:
        track = self.rig.tracks[0]
        self.ask(20, track=track)
        done = self.rig.word("add", "--path", DETAILS, "--track", str(self.rig.tracks[1]), "--least", "20")
        self.assertEqual(done.returncode, 1, "of another track nothing was compared")
        said = self.rig.makes(
            "add", "--path", DETAILS, "--client", "acme", "--track", str(track), "--least", "20", *UNTIMED
        )
        self.assertRegex(said, r"compared: \d+ equal")
        self.assertIn("published and region equal", said)
        newest = self.rig.history()[0]
        verdicts = newest["evidence"]["comparisons"]["verdicts"]
        self.assertEqual((newest["action"], sum(verdicts.values())), ("add", 20))
        self.assertLessEqual(set(verdicts), {"equal", "slower"})
        self.assertTrue(newest["evidence"]["proof"]["is_equal"])
        self.assertRegex(self.rig.does("history"), r"evidence: \d+ equal")

    def test_one_difference_keeps_it_shut_until_the_newest_are_equal(self) -> None:
        track = self.rig.tracks[0]
        self.rig.fault(wrong_field="title")
        self.ask(1, track=track)
        self.rig.fault()
        self.ask(9, track=track)
        arguments = ("add", "--path", DETAILS, "--track", str(track), "--least", "10", *UNTIMED)
        done = self.rig.word(*arguments)
        self.assertEqual((done.returncode, "1 differs" in done.stderr), (1, True), done.stderr)
        self.ask(1, track=track)
        self.rig.makes(*arguments)

    def test_a_larger_share_passes_the_gate_as_well_and_a_smaller_needs_not(self) -> None:
        number = 1
        self.rig.put(Move(number, DETAILS, share=50.0), shadow=100)
        done = self.rig.word("ratio", str(number), "100")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.rig.makes("ratio", str(number), "10")
        self.ask(12)
        self.rig.makes("ratio", str(number), "100", "--least", "12", *UNTIMED)
        self.assertEqual(self.rig.plan()["moves"][0]["share"], 100)

    def test_a_region_that_is_not_equal_keeps_it_shut(self) -> None:
        self.ask(3)
        row = self.rig.region("SELECT release_id, HEX(digest) FROM catalogue_release LIMIT 1").split()
        self.rig.region(f"UPDATE catalogue_release SET digest = REPEAT('x', 32) WHERE release_id = {row[0]}")
        try:
            done = self.rig.word("add", "--path", DETAILS, "--least", "3")
        finally:
            self.rig.region(f"UPDATE catalogue_release SET digest = UNHEX('{row[1]}') WHERE release_id = {row[0]}")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the region's catalogue isn't proved to be equal (NOT EQUAL", done.stderr)
        self.rig.makes("add", "--path", DETAILS, "--least", "3", *UNTIMED)

    def test_what_was_forced_is_kept_with_its_reason_and_what_spoke_against_it(self) -> None:
        self.rig.makes("add", "--path", DETAILS, "--force", "--reason", "the legacy API is broken")
        newest = self.rig.history()[0]
        self.assertEqual(newest["reason"], "the legacy API is broken")
        self.assertTrue(newest["evidence"]["forced"])
        self.assertIn("forced, though only 0 comparisons", self.rig.does("history"))

    def gone_back(self) -> bool:
        return not self.rig.plan()["moves"]

    def test_a_moved_url_that_differs_goes_back_by_itself_with_its_evidence(self) -> None:
        self.rig.put(Move(7, DETAILS), shadow=100)
        self.rig.fault(wrong_field="duration")
        for track in self.rig.tracks[:5]:
            self.assertEqual(self.rig.origin(track), "app")
        eventually(self.gone_back, "it is taken back", 20)
        newest = self.rig.history()[0]
        self.assertEqual((newest["action"], newest["operator"]), ("step-back", "comparator"))
        self.assertIn("move 7: ", newest["about"])
        self.assertGreaterEqual(newest["evidence"]["differed"], 3)
        eventually(lambda: self.rig.origin(self.rig.tracks[0]) == "legacy", "nginx has it", 5)
