"""G07 and G08: when a track was played, at every edge."""

from datetime import timedelta

from tests.unit.app.bench import AppCase


class WindowTest(AppCase):
    def played(self, text: str, status: int = 200) -> str:
        """The rule that a time breaks; the stored form when none."""
        reply = self.post_logs(self.log(dateTimePlayed=text))
        self.assertEqual(reply.status_code, status, reply.text)
        if status == 200:
            return str(self.stored()[0]["dateTimePlayed"])
        self.publisher.records.clear()
        return str(self.assert_refused(reply)["errors"][0]["rule"])

    def ago(self, text_form: str = "%Y-%m-%dT%H:%M:%S.%fZ", **ago: float) -> str:
        return (self.clock.now() - timedelta(**ago)).strftime(text_form)

    def test_the_last_tick_of_a_day_stays_on_its_day(self) -> None:
        self.assertEqual(self.played("2026-03-09T23:59:59.9999999Z"), "2026-03-09T23:59:59.999999Z")
        self.assertEqual(self.played("2026-03-09T23:59:59.501Z"), "2026-03-09T23:59:59.501000Z")

    def test_less_than_61_days_ago_is_taken_and_61_days_are_not(self) -> None:
        self.played(self.ago(days=61, microseconds=-1))
        self.assertEqual(self.played(self.ago(days=61), 400), "past")
        self.assertEqual(self.played(self.ago(days=62), 400), "past")

    def test_120_seconds_ahead_are_taken_and_more_is_not(self) -> None:
        self.played(self.ago(seconds=-45))
        self.played(self.ago(seconds=-120))
        self.assertEqual(self.played(self.ago(seconds=-120, microseconds=-1), 400), "future")
        self.assertEqual(self.played(self.ago(hours=-2), 400), "future")
        self.assertEqual(self.played(self.ago(days=-2), 400), "future")

    def test_a_time_ahead_may_pass_later_and_one_that_is_too_old_never_does(self) -> None:
        for text, retry in ((self.ago(hours=-2), True), (self.ago(days=90), False)):
            reply = self.post_logs(self.log(dateTimePlayed=text))
            self.assertIs(self.assert_refused(reply)["errors"][0]["retry"], retry)

    def test_the_ends_of_all_time_are_past_and_future(self) -> None:
        for text in (
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00-14:00",
            "1970-01-01T00:00:00Z",
        ):
            with self.subTest(text):
                self.assertEqual(self.played(text, 400), "past")
        for text in ("9999-12-31T23:59:59.9999999-14:00", "9999-12-31T23:59:59Z", "2050-01-01T00:00:00+00:00"):
            with self.subTest(text):
                self.assertEqual(self.played(text, 400), "future")

    def test_days_that_do_not_exist_are_refused_as_such(self) -> None:
        for text in (
            "2026-02-29T00:00:00Z",
            "2026-02-30T00:00:00+01:00",
            "2026-13-01T00:00:00Z",
            "2026-00-10T00:00:00Z",
        ):
            with self.subTest(text):
                self.assertEqual(self.played(text, 400), "calendar")
        self.assertEqual(self.played("0000-01-01T00:00:00Z", 400), "calendar")

    def test_what_is_not_an_instant_is_refused_by_its_pattern(self) -> None:
        day = self.ago("%Y-%m-%d")
        for text in (
            f"{day}T10:00:00",
            f"{day}",
            f"{day} 10:00:00Z",
            f"{day}t10:00:00z",
            f"{day}T10:00Z",
            f"{day}T10:00:00.Z",
            f"{day}T10:00:00,5Z",
            f"{day}T24:00:00Z",
            f"{day}T23:59:60Z",
            f"{day}T10:60:00Z",
            f"{day}T10:00:00+0100",
            f"{day}T10:00:00+01",
            f"{day}T10:00:00+24:00",
            f"{day}T10:00:00+01:60",
            f"{day}T10:00:00ZZ",
            f"{day}T10:00:00Z\n",
            f" {day}T10:00:00Z",
            f"{day}T10:00:00 Z",
            f"{day}T10:00:00.1234567890Z",
            "20260308120000Z",
            "20260308T120000Z",
            "2026-W10-1T00:00:00Z",
            "2026-067T00:00:00Z",
            "+2026-03-08T00:00:00Z",
            "1773144000",
            "",
            "now",
            "٢٠٢٦-03-08T00:00:00Z",
            f"{day}T10:00:00−01:00",
            "Sun, 08 Mar 2026 10:00:00 GMT",
        ):
            with self.subTest(text):
                self.assertEqual(self.played(text, 400), "pattern")

    def test_numbers_are_no_instants(self) -> None:
        for value in (1773144000, 1773144000.5, None, True):
            self.assert_one_problem(self.post_logs(self.log(dateTimePlayed=value)), "/logs/0/dateTimePlayed", "type")

    def test_the_window_moves_with_the_clock(self) -> None:
        text = self.ago(seconds=-200)
        self.played(text, 400)
        self.clock.turn(86_400)
        self.played(text)
