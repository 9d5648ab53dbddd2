"""The zone is UTC, in summer too, for the host and for cron, which reads it when it starts."""

from infra.verify.case import HostCase


class ZoneTest(HostCase):
    def test_the_hosts_clock_shows_utc_in_summer_and_in_winter(self) -> None:
        self.assertEqual(self.out("date -d '2027-07-01 12:00 UTC' +%H%z"), "12+0000")
        self.assertEqual(self.out("date -d '2027-01-01 12:00 UTC' +%H%z"), "12+0000")

    def test_programs_that_ask_for_the_name_hear_utc(self) -> None:
        self.assertEqual(self.out("cat /etc/timezone"), "Etc/UTC")

    def test_cron_has_started_since_the_zone_was_set(self) -> None:
        started = int(self.out('date -d "$(systemctl show -p ActiveEnterTimestamp --value cron)" +%s'))
        self.assertGreater(started, int(self.out("stat -c %Z /etc/localtime")))

    def test_nobody_gives_cron_a_zone_of_its_own(self) -> None:
        # A file that isn't there is no fault; grep's status can't tell one from the other.
        self.assertEqual(self.out("grep -rsE '^ *(CRON_)?TZ=' /etc/crontab /etc/cron.d /etc/default/cron || true"), "")
