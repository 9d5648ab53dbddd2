"""A moved clock: a process of ours has another time of day while it runs, and measures durations as before."""

import os
import subprocess
import sys
import tempfile
import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devstack.moved_clock import MovedClock
from devstack.service import REPOSITORY

PROGRAM = """
import time
from common.clock import SystemClock
print(SystemClock().now().isoformat(), abs(SystemClock().monotonic() - time.monotonic()) < 1)
"""


class MovedClockTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.waits: list[float] = []
        self.clock = MovedClock(Path(folder.name) / "a folder" / "clock", self.waits.append)

    def seen_by_a_process(self, **environ: str) -> tuple[datetime, str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=REPOSITORY, env={**os.environ, **environ}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        moment, is_real = done.stdout.split()
        return datetime.fromisoformat(moment), is_real

    def test_a_process_with_it_has_its_time_and_no_other_process_has(self) -> None:
        noon = datetime(2026, 2, 28, 12, tzinfo=UTC)
        self.clock.set(noon)
        self.assertEqual(len(self.waits), 1)
        seen, is_real = self.seen_by_a_process(**self.clock.words_environ())
        self.assertLess(abs(seen - noon), timedelta(minutes=1))
        self.assertEqual(is_real, "True")
        self.assertLess(abs(self.clock.now() - noon), timedelta(minutes=1))
        plain, _ = self.seen_by_a_process()
        self.assertLess(abs(plain - datetime.now(UTC)), timedelta(minutes=1))
