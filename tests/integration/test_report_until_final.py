"""What cron runs: skipped days are made up, one bad day blocks no other, and nothing is done twice."""

import logging
import shutil
from datetime import timedelta

from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY

DAYS = [days_later(number) for number in (-2, -1, 0)]


class UntilFinal(ReportCase):
    def write_days(self, cut: int = 3) -> None:
        """Three days of a request each, of which the first so many are cut."""
        self.day.cut(0, days_later(-3), 0, "start")
        for number, day in enumerate(DAYS):
            self.day.put(0, number, Request(on_the_day(9) + timedelta(days=number - 2)))
            if number < cut:
                self.day.cut(0, day, number + 1)
        self.kafka = self.kafka_with(3)

    def test_g19_days_that_were_skipped_are_made_up_oldest_first(self) -> None:
        self.write_days()
        self.assertEqual(self.until_final(), 0, self.err.getvalue())
        self.assertEqual(self.folders(), [day.isoformat() for day in DAYS])
        self.assertEqual([row[:3] for row in self.recorded()], [(day, 1, "final") for day in DAYS])

    def test_when_all_is_final_nothing_is_read_and_nothing_said(self) -> None:
        self.write_days()
        self.until_final()
        asked = self.kafka.asked
        self.assertEqual((self.until_final(), self.out.getvalue(), self.err.getvalue()), (0, "", ""))
        self.assertEqual(self.kafka.asked, asked)

    def test_a_day_that_is_not_complete_is_left_for_later_and_says_why(self) -> None:
        self.write_days(cut=2)
        self.assertEqual(self.until_final(), 75)
        self.assertIn(f"partition 0 has no cut of {DAY}", self.out.getvalue())
        self.assertEqual(self.folders(), [day.isoformat() for day in DAYS[:2]])
        self.day.cut(0, DAY, 3)
        self.assertEqual(self.until_final(), 0)
        self.assertEqual(self.folders(), [day.isoformat() for day in DAYS])

    def test_a_day_that_fails_blocks_no_other(self) -> None:
        self.write_days()
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM play_log WHERE received_day = %s", (DAYS[1],))
        self.connection.commit()
        self.assertEqual(self.until_final(), 1)
        self.assertIn(f"FAILED: {DAYS[1]} does not balance", self.err.getvalue())
        self.assertEqual(self.folders(), [DAYS[0].isoformat(), DAYS[2].isoformat()])
        self.assertEqual(self.metrics.total("report.made", "state:failed"), 1)
        self.assertEqual(self.metrics.total("report.made", "state:final"), 2)

    def test_what_is_missing_of_a_late_days_files_is_made_good(self) -> None:
        self.write_days()
        self.until_final()
        (self.root / DAY.isoformat() / "_SUCCESS").unlink()
        shutil.rmtree(self.root / "clients" / "acme" / DAYS[0].isoformat())
        self.assertEqual(self.until_final(), 0, self.err.getvalue())
        self.assertTrue((self.root / DAY.isoformat() / "_SUCCESS").exists())
        self.assertTrue((self.root / "clients" / "acme" / DAYS[0].isoformat() / "_SUCCESS").exists())

    def test_days_before_the_first_record_are_nobodys_report(self) -> None:
        self.day.quiet(0, days_later(-2))
        for number in (-1, 0):
            self.day.cut(0, days_later(number), 0, "quiet")
        self.assertEqual((self.until_final(), self.folders()), (0, []))
        self.day.put(0, 0, Request(on_the_day(9) + timedelta(days=1)))
        self.assertEqual((self.until_final(), self.folders()), (0, []))
        # Whoever asks for one by its date has it all the same.
        self.assertEqual((self.report(), self.folders()), (0, [DAY.isoformat()]))

    def test_an_empty_ledger_has_nothing_to_report(self) -> None:
        self.assertEqual((self.until_final(), self.folders()), (0, []))

    def test_yesterday_not_final_at_six_is_an_alert(self) -> None:
        self.write_days(cut=2)
        with self.assertLogs("reports.until_final", logging.ERROR) as logs:
            self.until_final()
        self.assertIn(f"ALERT: the report of {DAY}", logs.output[0])
        self.clock.turn(-3600)
        with self.assertNoLogs("reports.until_final", logging.ERROR):
            self.until_final()
        self.day.cut(0, DAY, 3)
        self.clock.turn(7200)
        with self.assertNoLogs("reports.until_final", logging.ERROR):
            self.until_final()

    def test_a_provisional_folder_goes_once_the_day_is_final(self) -> None:
        self.write_days(cut=2)
        self.report(provisional=True)
        self.assertIn(f"{DAY}.provisional", self.folders())
        self.day.cut(0, DAY, 3)
        self.until_final()
        self.assertEqual(self.folders(), [day.isoformat() for day in DAYS])


class EmptyDays(ReportCase):
    def test_g20_a_client_of_the_days_before_has_a_file_with_a_header_on_a_day_without_plays(self) -> None:
        self.day.cut(0, days_later(-2), 0, "start")
        before = on_the_day(9) - timedelta(days=1)
        smoke = Request(before, client="smoke", is_test=True)
        self.day.put(0, 0, Request(before, [Log()]), smoke)
        self.day.cut(0, days_later(-1), 2)
        self.day.cut(0, DAY, 2, "quiet")
        self.kafka = self.kafka_with(2)
        self.assertEqual(self.until_final(), 0, self.err.getvalue())
        self.assertEqual(self.usage(), [])
        self.assertEqual(self.manifest()["clients"], ["acme"])
        self.assertEqual(self.manifest()["totals"], [])
        self.assertTrue((self.root / "clients" / "acme" / DAY.isoformat() / "_SUCCESS").exists())
