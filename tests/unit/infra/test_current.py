"""Which releases may go: never what runs or what was proved last, however old; what never became one, always."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from infra.promises.current import OTHERS, TOO_MANY


class TooManyTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        (self.top / "releases").mkdir()

    def put(self, *names: str) -> None:
        """Whole releases, the oldest first."""
        for age, name in enumerate(names):
            mark = self.top / "releases" / name / ".whole"
            mark.parent.mkdir()
            mark.touch()
            os.utime(mark, (age, age))

    def link(self, name: str, release: str) -> None:
        (self.top / name).symlink_to(self.top / "releases" / release)

    def may_go(self) -> set[str]:
        script = TOO_MANY.replace("/srv/playlog", str(self.top))
        said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
        return {Path(line).name for line in said.splitlines()}

    def test_what_runs_and_what_was_proved_stay_though_newer_ones_never_came_to_run(self) -> None:
        self.put("proven", "runs", *(f"failed{number}" for number in range(OTHERS + 2)))
        self.link("current", "runs")
        self.link("proven", "proven")
        self.assertEqual(self.may_go(), {"failed0", "failed1"})

    def test_before_the_first_proof_the_newest_stay(self) -> None:
        self.put("a", "b", "c", "d")
        self.link("current", "d")
        self.assertEqual(self.may_go(), {"a"})

    def test_what_never_became_a_release_goes(self) -> None:
        self.put("runs")
        self.link("current", "runs")
        (self.top / "releases" / "half").mkdir()
        (self.top / "releases" / "half.1234.tar").touch()
        self.assertEqual(self.may_go(), {"half", "half.1234.tar"})
