"""`make day`, in its short form: a day of a moved clock, from the first log to a final report and its page."""

import json
import subprocess
import sys
import tempfile
import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import html

from devstack.moved_clock import library
from devstack.service import REPOSITORY

LOGS = 600
SECONDS = 240


class SimulatedDayTest(unittest.TestCase):
    @unittest.skipUnless(library(), "libfaketime isn't here")
    def test_a_day_of_a_moved_clock_becomes_final_hour_by_hour(self) -> None:
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "a day's home"
            argv = ("--logs", str(LOGS), "--steps", "2", "--days-before", "0", "--home", str(home))
            done = subprocess.run(
                [sys.executable, "-m", "devstack.day", *argv],
                cwd=REPOSITORY, capture_output=True, text=True, timeout=SECONDS, check=False,
            )  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            day = home / "reports" / yesterday.isoformat()
            manifest = json.loads((day / "manifest.json").read_bytes())
            self.assertEqual(manifest["state"], "final")
            stored = sum(each["stored"] for each in manifest["totals"])
            self.assertLessEqual(abs(stored - LOGS), 9)
            self.assertTrue((day / "_SUCCESS").exists())
            page: Any = html.document_fromstring((day / "report.html").read_text())
            rows = page.xpath("//table[@id='hours']//tr[td]")
            hours = [row[0].text_content() for row in rows if row[1].text_content() != "0"]
            self.assertEqual(hours, ["0", "12"])
            self.assertTrue(page.xpath("//table[@id='artists']/tbody/tr"))
            status: Any = html.document_fromstring((home / "reports" / "status.html").read_text())
            self.assertIn(f"{yesterday}/report.html", status.xpath("//table[@id='days']//a/@href"))
            self.assertIn("All is well", status.text_content())
            self.assertIn(str(Path(folder).name), done.stdout)
