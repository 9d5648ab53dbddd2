"""The summary of `make test` counts what ran, and nothing that didn't run counts as passed."""

import json
import tempfile
import unittest
from pathlib import Path

from tests.summary import STEPS, SUITES, add_up

GOOD = "<testsuite><testcase name='a'/><testcase name='b'/></testsuite>"
ONE_FAILED = "<testsuite><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>"
SAYS_WHY = (
    "<testsuite><testcase classname='tests.unit.test_x.X' name='test_b'><error message='m'><![CDATA[Traceback:\n"
    "  line\nValueError: no such thing]]></error></testcase></testsuite>"
)
ONE_SKIPPED = "<testsuite><testcase name='a'/><testcase name='b'><skipped message='no root'/></testcase></testsuite>"


class SummaryTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = Path(folder.name)
        for step in STEPS:
            self.note(step, 1.0, 0)
        for suite in SUITES:
            self.report(suite, GOOD)

    def note(self, step: str, seconds: float, status: int) -> None:
        path = self.build / "steps" / f"{step}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"seconds": seconds, "status": status}))

    def report(self, suite: str, xml: str) -> None:
        folder = self.build / "junit" / suite
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "TEST-x.xml").write_text(xml)

    def test_a_good_run_adds_up_the_tests_of_all_suites(self) -> None:
        sums = add_up(self.build)
        self.assertEqual(("18 passed, 0 failed", True), (sums.line(), sums.is_good))

    def test_a_failed_test_is_counted_once_though_its_step_failed_too(self) -> None:
        self.report("unit", ONE_FAILED)
        self.note("unit", 1.0, 1)
        sums = add_up(self.build)
        self.assertEqual(("17 passed, 1 failed", False), (sums.line(), sums.is_good))

    def test_a_failed_test_is_named_with_the_end_of_what_it_said(self) -> None:
        self.report("unit", SAYS_WHY)
        self.note("unit", 1.0, 1)
        named = [
            "failed, unit: tests.unit.test_x.X.test_b",
            "    Traceback:",
            "      line",
            "    ValueError: no such thing",
        ]
        self.assertEqual(named, add_up(self.build).failures)

    def test_a_skipped_test_did_not_pass(self) -> None:
        self.report("unit", ONE_SKIPPED)
        sums = add_up(self.build)
        self.assertEqual("17 passed, 0 failed, 1 skipped", sums.line())
        self.assertEqual({"skipped, unit: no root": 1}, sums.reasons)

    def test_a_step_that_fails_without_a_failed_test_is_a_failure(self) -> None:
        self.note("lint", 1.0, 1)
        sums = add_up(self.build)
        self.assertEqual("18 passed, 1 failed", sums.line())
        self.assertIn("lint ended with status 1", sums.complaints)

    def test_a_suite_whose_files_are_missing_is_a_failure(self) -> None:
        (self.build / "junit" / "smoke" / "TEST-x.xml").unlink()
        self.assertEqual(["smoke: no test ran"], add_up(self.build).complaints)

    def test_a_step_that_did_not_run_is_a_failure(self) -> None:
        (self.build / "steps" / "types.json").unlink()
        self.assertEqual(["types did not run"], add_up(self.build).complaints)

    def test_a_budget_that_is_exceeded_is_a_failure_that_is_named(self) -> None:
        self.note("lint", 31.0, 0)
        self.note("types", 30.0, 0)
        sums = add_up(self.build)
        self.assertEqual(["lint and types took 61.0 s, over its budget of 60 s"], sums.complaints)
        self.assertFalse(sums.is_good)

    def test_a_set_up_that_downloads_has_no_budget_and_one_that_fails_is_a_failure_all_the_same(self) -> None:
        path = self.build / "steps" / "setup.json"
        path.write_text(json.dumps({"seconds": 500.0, "status": 0, "is_cold": True}))
        sums = add_up(self.build)
        self.assertTrue(sums.is_good)
        self.assertIn("set-up            500.0 s, with downloads", sums.table)
        path.write_text(json.dumps({"seconds": 500.0, "status": 1, "is_cold": True}))
        self.assertEqual(["setup ended with status 1"], add_up(self.build).complaints)

    def test_no_file_at_all_is_no_success(self) -> None:
        with tempfile.TemporaryDirectory() as empty:
            self.assertFalse(add_up(Path(empty)).is_good)
