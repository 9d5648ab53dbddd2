"""A step's note tells its exit status, also when it was cut off or never started."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

from tests.step import run_step


class StepTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "steps"

    def status(self, *command: str) -> tuple[int, int]:
        returned = run_step("it", list(command), self.folder)
        return returned, json.loads((self.folder / "it.json").read_text())["status"]

    def test_the_commands_own_status_is_returned_and_noted(self) -> None:
        self.assertEqual((0, 0), self.status(sys.executable, "-c", ""))
        self.assertEqual((3, 3), self.status(sys.executable, "-c", "raise SystemExit(3)"))

    def test_a_step_that_begins_without_what_is_downloaded_is_noted_as_cold(self) -> None:
        found: list[bool] = []
        for downloaded in (
            [self.folder / "missing"],
            [self.folder.parent, self.folder / "missing"],
            [self.folder.parent],
        ):
            run_step("it", [sys.executable, "-c", ""], self.folder, downloaded)
            found.append(json.loads((self.folder / "it.json").read_text())["is_cold"])
        self.assertEqual(found, [True, True, False])

    def test_while_it_runs_the_note_says_failed(self) -> None:
        look = f"import json; raise SystemExit(json.load(open({str(self.folder / 'it.json')!r}))['status'] + 6)"
        self.assertEqual((7, 7), self.status(sys.executable, "-c", look))

    def test_a_command_that_does_not_exist_fails_and_says_what_to_do(self) -> None:
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual((127, 127), self.status("/no/such/command"))
        self.assertIn("make setup", said.getvalue())
