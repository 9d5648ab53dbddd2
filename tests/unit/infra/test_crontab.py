"""The crontab in the repository (G19): words that exist, as the right users, and no tricks with zones."""

import re
import unittest

from commands.__main__ import words
from infra.site import file_text
from infra.words import BY_NAME, HOMES, USER
from reports.status.health import JOB_SECONDS

JOB = re.compile(r"^(\S+ \S+ \S+ \S+ \S+) (\S+) (.+)$")


class CrontabTest(unittest.TestCase):
    def setUp(self) -> None:
        lines = file_text("crontab").splitlines()
        self.lines = [line for line in lines if line and not line.startswith("#")]
        self.jobs = [found for line in self.lines if (found := JOB.fullmatch(line))]

    def test_every_line_is_a_setting_or_a_job(self) -> None:
        self.assertEqual(len(self.jobs), 4)
        self.assertEqual(len(self.lines), len(self.jobs) + 3)

    def test_each_job_is_a_word_of_the_reports_role_as_its_user(self) -> None:
        for when, user, command in (job.groups() for job in self.jobs):
            found = re.fullmatch(r"playlog-job ([a-z-]+)( .+)?", command)
            assert found is not None, command
            self.assertIn(found[1], words())
            self.assertEqual((BY_NAME[found[1]].role, BY_NAME[found[1]].user), ("reports", user), when)

    def test_each_job_of_the_role_is_there(self) -> None:
        named = {job[3].split()[1] for job in self.jobs}
        self.assertEqual(named, {word.name for word in BY_NAME.values() if not word.unit})

    def test_the_operators_page_finds_a_job_late_when_the_host_does(self) -> None:
        late = {word.name: word.oldest_seconds for word in BY_NAME.values() if not word.unit}
        del late["status"]  # It would have to say so of itself: a page that is old does.
        self.assertEqual(JOB_SECONDS, late)

    def test_the_page_lies_beside_the_reports_and_reads_every_jobs_note(self) -> None:
        (command,) = [job[3] for job in self.jobs if " status " in job[3]]
        self.assertIn("--html reports/status.html", command)
        for home in HOMES.values():
            self.assertIn(f"--job-notes {'.' if home == HOMES[USER] else home}", command)

    def test_no_line_plays_tricks_with_zones_or_percent_signs(self) -> None:
        for line in self.lines:
            self.assertNotIn("TZ=", line)
            self.assertNotIn("%", line)
