"""Instants of the right shape become UTC with six digits, and both ways to look at one agree."""

import unittest
from datetime import UTC, datetime, timedelta

from app.logs.times import CANONICAL_FORM, explain_instant, in_window, window_at
from playlog_client.attempts import RULES_OF_TIME

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class FormTest(unittest.TestCase):
    def test_digits_are_filled_up_to_six_and_cut_after_them(self) -> None:
        given = "2026-03-09T23:59:59"
        for digits in ("", ".9", ".99", ".999", ".9999", ".99999", ".999999", ".9999999", ".99999999", ".999999999"):
            with self.subTest(digits):
                expected = f"{given}.{digits[1:7]:0<6}Z"
                for zone in ("Z", "+00:00", "-00:00"):
                    self.assertEqual(in_window(given + digits + zone, window_at(NOON)), expected)

    def test_offsets_are_turned_into_utc_across_days(self) -> None:
        cases = {
            "2026-03-10T00:30:00+01:00": "2026-03-09T23:30:00.000000Z",
            "2026-03-09T23:30:00.1234567-05:30": "2026-03-10T05:00:00.123456Z",
            "2026-03-01T00:00:00+14:00": "2026-02-28T10:00:00.000000Z",
            "2026-02-28T23:59:59.999-00:01": "2026-03-01T00:00:59.999000Z",
            "2026-03-10T13:59:00+23:59": "2026-03-09T14:00:00.000000Z",
        }
        for given, expected in cases.items():
            with self.subTest(given):
                self.assertEqual(in_window(given, window_at(NOON)), expected)

    def test_every_canonical_form_is_what_datetime_says(self) -> None:
        for seconds in range(0, 60 * 86_400, 86_399):
            moment = NOON - timedelta(seconds=seconds, microseconds=seconds)
            for zone in (timedelta(0), timedelta(hours=5, minutes=30), timedelta(hours=-11)):
                local = moment + zone
                sign, rest = ("-", -zone) if zone < timedelta(0) else ("+", zone)
                hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
                given = f"{local:%Y-%m-%dT%H:%M:%S.%f}{sign}{hours:02}:{minutes:02}"
                self.assertEqual(in_window(given, window_at(NOON)), moment.strftime(CANONICAL_FORM))


class ExplanationTest(unittest.TestCase):
    def test_the_partners_package_knows_the_rules_that_a_log_breaks_by_waiting(self) -> None:
        """By any other rule it takes an earlier try for refused too, and sends the rest under a new key."""
        moments = {days: (NOON + timedelta(days=days)).strftime(CANONICAL_FORM) for days in range(-400, 401)}
        rules = {explained[0] for each in moments.values() if (explained := explain_instant(each, window_at(NOON)))}
        self.assertEqual(rules, RULES_OF_TIME)

    def test_the_two_ways_to_look_at_an_instant_agree(self) -> None:
        """What the fast one refuses the other explains, and never the other way round."""
        window = window_at(NOON)
        edges = [NOON - timedelta(days=61), NOON + timedelta(seconds=120), NOON, NOON.replace(hour=0)]
        for edge in edges:
            for micros in (-1, 0, 1, 999_999, -999_999):
                for days in (-400, -62, -61, -1, 0, 1, 2):
                    moment = edge + timedelta(microseconds=micros, days=days)
                    for zone in ("Z", "+14:00", "-12:00"):
                        given = moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + zone
                        with self.subTest(given):
                            refused = in_window(given, window) is None
                            self.assertEqual(refused, explain_instant(given, window) is not None)
