"""G02 and G03: numbers and depth that make parsers raise something else, and keys that are given twice."""

import json
import time

from tests.unit.app.bench import AppCase


class NumbersTest(AppCase):
    def body(self, field: str, raw: str) -> str:
        return json.dumps({"logs": [self.log(), self.log(**{field: "MARK"})]}).replace('"MARK"', raw)

    def test_what_is_no_number_is_refused_at_its_log(self) -> None:
        for raw in ("NaN", "-Infinity", "Infinity", "1e999", "-1e400", "9" * 5_000, "1." + "9" * 5_000 + "e5000"):
            for field in ("trackId", "totalTimePlayed", "note"):
                with self.subTest(raw[:12], field=field):
                    reply = self.post(self.body(field, raw))
                    self.assert_one_problem(reply, f"/logs/1/{field}", "number")

    def test_numbers_that_other_languages_write_are_no_json(self) -> None:
        for raw in ("01", "+1", ".5", "1.", "0x1F", "1_000", "१", "--1", "1e", "nan", "True", "undefined"):
            with self.subTest(raw):
                self.assert_refused(self.post(self.body("trackId", raw)))

    def test_numbers_beyond_the_field_are_refused_by_their_size(self) -> None:
        for raw in ("2147483648", "4294967297", "9223372036854775808", "18446744073709551616", "1e30", '"2147483648"'):
            with self.subTest(raw):
                self.assert_one_problem(self.post(self.body("trackId", raw)), "/logs/1/trackId", "maximum")

    def test_numbers_below_the_field_are_refused_by_their_size(self) -> None:
        for raw in ("0", "-1", "-9223372036854775809", '"0"', '"000"'):
            with self.subTest(raw):
                self.assert_one_problem(self.post(self.body("trackId", raw)), "/logs/1/trackId", "minimum")

    def test_what_is_not_whole_or_no_number_at_all_is_refused_by_its_type(self) -> None:
        for raw in ("1.5", "true", "false", "null", "[]", "{}", "[1]"):
            with self.subTest(raw):
                self.assert_one_problem(self.post(self.body("trackId", raw)), "/logs/1/trackId", "type")

    def test_texts_that_are_not_all_digits_are_refused_by_their_pattern(self) -> None:
        for text in ("", " 1", "1 ", "1\n", "-1", "+1", "1.0", "1e3", "²", "١٢", "１２", "1_000", "0x1", "9" * 21):
            with self.subTest(repr(text)):
                reply = self.post(self.body("trackId", json.dumps(text)))
                self.assert_one_problem(reply, "/logs/1/trackId", "pattern")

    def test_whole_numbers_in_every_way_become_integers(self) -> None:
        ways = {"149477": 149477, '"149477"': 149477, '"000149477"': 149477, "149477.0": 149477, "1.49477e5": 149477}
        for raw, number in ways.items():
            with self.subTest(raw):
                stored = self.assert_accepted(self.post(self.body("trackId", raw)))[1]["trackId"]
                self.assertEqual((stored, type(stored)), (number, int))

    def test_the_edges_of_the_played_time(self) -> None:
        for raw in ("0", "86400", '"0"', "-0", "-0.0"):
            with self.subTest(raw):
                self.assert_accepted(self.post(self.body("totalTimePlayed", raw)))
        self.publisher.records.clear()
        for raw in ("86401", '"86401"', "-1"):
            with self.subTest(raw):
                self.assert_refused(self.post(self.body("totalTimePlayed", raw)))


class DepthTest(AppCase):
    def nested(self, depth: int) -> str:
        """A valid log whose unknown field makes the body as deep as this."""
        inner = depth - 3
        return json.dumps({"logs": [self.log(note="MARK")]}).replace('"MARK"', "[" * inner + "]" * inner)

    def test_the_limit_is_ours_and_exact(self) -> None:
        self.assert_accepted(self.post(self.nested(16)))
        self.publisher.records.clear()
        for depth in (17, 18, 999, 1_000, 1_024, 1_025, 5_000):
            with self.subTest(depth):
                self.assertIn("16", self.assert_refused(self.post(self.nested(depth)))["message"])

    def test_an_unknown_key_beside_the_logs_has_the_same_limit(self) -> None:
        for depth, status in ((16, 200), (17, 400)):
            inner = "[" * (depth - 1) + "]" * (depth - 1)
            body = json.dumps({"logs": [self.log()], "note": "MARK"}).replace('"MARK"', inner)
            with self.subTest(depth):
                self.assertEqual(self.post(body).status_code, status)

    def test_any_depth_is_refused_soon(self) -> None:
        bodies = (
            "[" * 100_000 + "]" * 100_000,
            "[" * 500_000,
            '{"a":' * 100_000,
            '{"logs":' + '[{"a":' * 60_000,
            "]" * 9,
        )
        for body in bodies:
            with self.subTest(body[:12]):
                started = time.monotonic()
                self.assert_refused(self.post(body))
                self.assertLess(time.monotonic() - started, 1)

    def test_brackets_within_texts_are_not_depth(self) -> None:
        self.assert_accepted(self.post_logs(self.log(userAgent='["' + "[{" * 120)))

    def test_texts_without_an_end_are_refused_soon(self) -> None:
        for body in ('"' + '\\"' * 500_000, '\\"' * 500_000, '["' * 300_000, "{" + '"a":{' * 50_000 + '"'):
            with self.subTest(body[:8]):
                started = time.monotonic()
                self.assert_refused(self.post(body))
                self.assertLess(time.monotonic() - started, 1)


class DoubledKeysTest(AppCase):
    def test_the_last_value_counts_everywhere(self) -> None:
        raw = json.dumps({"logs": [self.log(trackId=123456)]}).replace(
            "123456,", '123456, "trackId": 998, "trackId": 999,'
        )
        self.assertEqual(self.assert_accepted(self.post(raw))[0]["trackId"], 999)
        self.assertNotIn(b"123456", self.publisher.values[-1])

    def test_a_last_value_that_is_invalid_is_refused_and_an_earlier_one_is_not(self) -> None:
        raw = json.dumps({"logs": [self.log(trackId=1)]})
        self.assert_one_problem(self.post(raw.replace("1,", '1, "trackId": 0,', 1)), "/logs/0/trackId", "minimum")
        self.assert_accepted(self.post(raw.replace('"trackId": 1,', '"trackId": "x", "trackId": 1,')))

    def test_the_list_itself_given_twice_is_the_last_list(self) -> None:
        raw = json.dumps({"logs": [self.log(userId="last")]})
        self.assertEqual(self.assert_accepted(self.post('{"logs": [5], ' + raw[1:]))[0]["userId"], "last")

    def test_an_escaped_spelling_is_the_same_key(self) -> None:
        raw = json.dumps({"logs": [self.log(trackId=1)]}).replace('"trackId": 1,', r'"trackId": 1, "track\u0049d": 7,')
        self.assertEqual(self.assert_accepted(self.post(raw))[0]["trackId"], 7)
