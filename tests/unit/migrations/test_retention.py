"""What may be removed: by reports and the persister's progress; never by the clock where a log could come back."""

import unittest
from datetime import date, timedelta

from common.config import BadSettings, load
from migrations.config import DatacentreSettings
from migrations.retention import KEY_DAYS, days_of, keys_before, old_days, old_played_days
from playlog_client.attempts import KEY_AGE

TODAY = date(2026, 11, 25)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class DaysTest(unittest.TestCase):
    def test_a_partition_is_of_the_day_before_its_bound_and_others_are_none(self) -> None:
        bounds = [("p20261125", date(2026, 11, 26)), ("p20261124", date(2026, 11, 25)), ("p_before", date(2026, 11, 1))]
        self.assertEqual(days_of(bounds), [date(2026, 11, 24), TODAY])

    def test_only_days_that_are_old_final_and_handed_over_go(self) -> None:
        days = [ago(number) for number in (402, 401, 400, 399, 0, -1)]
        verdict = old_days(days, TODAY, 400, {ago(401), ago(400), ago(0)})
        self.assertEqual((verdict.days, verdict.waiting), ([ago(401)], [ago(402)]))

    def test_a_day_that_waits_holds_back_no_other(self) -> None:
        verdict = old_days([ago(3), ago(2)], TODAY, 1, {ago(2)})
        self.assertEqual((verdict.days, verdict.waiting), ([ago(2)], [ago(3)]))

    def test_nothing_goes_when_all_is_kept_for_ever(self) -> None:
        self.assertEqual(old_days([ago(9999)], TODAY, 0, {ago(9999)}).days, [])

    def test_ids_go_by_the_progress_of_the_slowest_partition(self) -> None:
        days = [ago(number) for number in (63, 62, 61)]
        self.assertEqual(old_played_days(days, TODAY), [ago(63), ago(62)])
        self.assertEqual(old_played_days(days, ago(1)), [ago(63)])
        self.assertEqual(old_played_days(days, None), [])

    def test_a_key_is_known_for_14_whole_days_after_its_first_use(self) -> None:
        self.assertEqual(keys_before(TODAY), ago(13))
        self.assertIsNone(keys_before(None))

    def test_the_partners_sender_gives_a_key_up_a_day_before_it_may_be_removed(self) -> None:
        self.assertEqual(KEY_AGE, timedelta(days=KEY_DAYS - 1))


class SettingsTest(unittest.TestCase):
    def load(self, **changes: str) -> DatacentreSettings:
        environ = {"PLAYLOG_ENV": "local", "DATACENTRE_DB_URL": "mysql://u@h/s", "DATACENTRE_DB_PASSWORD": "p"}
        return load(DatacentreSettings, environ | changes)

    def test_the_ledger_is_kept_longer_than_the_logs(self) -> None:
        self.assertEqual(self.load().keep.play_log, 400)
        self.load(PLAY_LOG_RETENTION_DAYS="0", REQUEST_RETENTION_DAYS="0")
        for changes in (
            {"REQUEST_RETENTION_DAYS": "461"},
            {"PLAY_LOG_RETENTION_DAYS": "0"},
            {"PLAY_LOG_RETENTION_DAYS": "30"},
            {"DEAD_LETTER_RETENTION_DAYS": "-1"},
        ):
            with self.assertRaises(BadSettings) as bad:
                self.load(**changes)
            self.assertIn("RETENTION_DAYS", str(bad.exception))
