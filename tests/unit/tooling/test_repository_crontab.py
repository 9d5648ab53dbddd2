"""The crontab in the repository (G19): what runs when, without tricks with zones."""

import re
import unittest

from commands.__main__ import words
from tests.unit.tooling.repository import ROOT

JOB = re.compile(r"^(\S+ \S+ \S+ \S+ \S+) (.+)$")


class CrontabTest(unittest.TestCase):
    def setUp(self) -> None:
        lines = (ROOT / "deploy" / "crontab").read_text().splitlines()
        self.lines = [line for line in lines if line and not line.startswith("#")]
        found = [JOB.fullmatch(line) for line in self.lines if not re.match(r"^[A-Z_]+=", line)]
        self.jobs = {match[2]: match[1] for match in found if match}

    def test_every_line_is_a_setting_or_a_job(self) -> None:
        self.assertEqual(len(self.jobs), 3)
        self.assertEqual(len(self.lines), len(self.jobs) + 3)

    def test_reports_run_every_15_minutes_until_they_are_final(self) -> None:
        (when,) = [when for job, when in self.jobs.items() if "playlog report --until-final" in job]
        self.assertEqual(when, "*/15 * * * *")

    def test_the_ledger_is_balanced_twice_an_hour(self) -> None:
        (when,) = [when for job, when in self.jobs.items() if "playlog ledger" in job]
        self.assertRegex(when, r"^\d+,\d+ \* \* \* \*$")

    def test_days_are_made_ahead_once_a_day(self) -> None:
        (when,) = [when for job, when in self.jobs.items() if "playlog migrate datacentre" in job]
        self.assertRegex(when, r"^\d+ \d+ \* \* \*$")

    def test_each_job_runs_once_at_a_time_with_a_log_and_a_word_that_exists(self) -> None:
        for job in self.jobs:
            self.assertRegex(job, r"exec flock --nonblock --conflict-exit-code 75 /run/lock/playlog-[a-z]+ playlog ")
            self.assertRegex(job, r">> /var/log/playlog/[a-z]+\.log 2>&1$")
            found = re.search(r"playlog ([a-z-]+) ", job.partition("flock")[2].partition("playlog-")[2])
            assert found is not None
            self.assertIn(found[1], words())

    def test_no_line_plays_tricks_with_zones_or_percent_signs(self) -> None:
        for line in self.lines:
            self.assertNotIn("TZ=", line)
            self.assertNotIn("%", line)
