"""When the jobs fire: not what the crontab says, but at which moments of UTC cron runs each, in the host's own zone.

Debian's cron skips no job and runs none twice when clocks change by an hour; cronsim reckons as it does. On a host
whose zone is UTC nothing of it matters, which is what is proved here, for the nights in which Europe's clocks change.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from infra.promises.cron import CRONTAB, JOB
from infra.verify.case import HostCase
from infra.words import MIGRATE_USER, USER

NIGHTS = (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A line of the crontab."""

    when: str
    user: str
    command: str

    def firings(self, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """When it fires, in UTC."""
        for moment in CronSim(self.when, after.astimezone(zone)):
            yield moment.astimezone(UTC)


class CronTest(HostCase):
    def setUp(self) -> None:
        if "reports" not in self.site.roles:
            self.skipTest("no job runs on this host; that there is no crontab is looked at beside")

    def entries(self) -> list[Entry]:
        lines = self.host.file(CRONTAB).content_string.splitlines()
        jobs = [line.split(maxsplit=6) for line in lines if line[:1] not in {"", "#"} and "=" not in line.split()[0]]
        return [Entry(" ".join(job[:5]), job[5], job[6]) for job in jobs]

    def entry(self, command: str) -> Entry:
        found = [each for each in self.entries() if each.command == command]
        self.assertEqual(len(found), 1, f"{CRONTAB} has {len(found)} lines with `{command}`")
        return found[0]

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.out("readlink -f /etc/localtime").partition("/zoneinfo/")[2])

    def within_a_day(self, command: str, after: datetime) -> list[datetime]:
        entry = self.entry(command)
        return list(itertools.takewhile(lambda moment: moment <= after + DAY, entry.firings(after, self.zone())))

    def test_the_report_is_tried_every_15_minutes_also_while_clocks_change(self) -> None:
        for night in NIGHTS:
            fired = self.within_a_day("playlog-job report --until-final", night)
            self.assertEqual(fired, [night + timedelta(minutes=15 * turn) for turn in range(1, 97)])

    def test_its_first_firing_after_five_past_midnight_is_at_a_quarter_past(self) -> None:
        for night in NIGHTS:
            five_past = (night + DAY).replace(hour=0, minute=5)
            first = next(self.entry("playlog-job report --until-final").firings(five_past, self.zone()))
            self.assertEqual(first, five_past.replace(minute=15))

    def test_the_ledger_is_balanced_twice_an_hour(self) -> None:
        for night in NIGHTS:
            fired = self.within_a_day("playlog-job ledger", night)
            self.assertEqual([(each.hour, each.minute) for each in fired[:3]], [(12, 7), (12, 37), (13, 7)])
            self.assertEqual(len(fired), 48)

    def test_the_operators_page_is_written_each_minute(self) -> None:
        job = "playlog-job status --html reports/status.html --job-notes . --job-notes /var/lib/playlog-migrate"
        for night in NIGHTS:
            fired = self.within_a_day(job, night)
            self.assertEqual(fired, [night + timedelta(minutes=turn) for turn in range(1, 1441)])

    def test_days_are_made_ahead_once_a_day(self) -> None:
        for night in NIGHTS:
            fired = self.within_a_day("playlog-job migrate datacentre", night)
            self.assertEqual(fired, [(night + DAY).replace(hour=1, minute=40)])

    def test_each_job_runs_as_the_user_whose_settings_it_reads(self) -> None:
        users = {each.command: each.user for each in self.entries()}
        self.assertEqual(users.pop("playlog-job migrate datacentre"), MIGRATE_USER)
        self.assertEqual(set(users.values()), {USER})

    def test_cron_reads_the_file_and_finds_the_program(self) -> None:
        # Another owner, a group that may write, or a dot in the name: cron would pass over the file without a word.
        self.is_owned(CRONTAB, "root", 0o644)
        self.is_owned(JOB, "root", 0o755)
        self.assertTrue(self.host.service("cron").is_running)
        self.assertTrue(self.host.service("cron").is_enabled)
        for job in self.site.jobs:
            self.out(self.as_user(job.user, "PATH=/usr/local/bin:/usr/bin:/bin command -v playlog-job"))


class NoCronTest(HostCase):
    def test_a_host_without_the_role_has_no_jobs(self) -> None:
        if "reports" in self.site.roles:
            self.skipTest("this host has jobs, which are looked at beside")
        self.assertFalse(self.host.file(CRONTAB).exists)
