"""G06 to G10: each field of a log, at its edges."""

from typing import Any

from app.countries import CODES
from tests.unit.app.bench import KEY, PATH, AppCase


class CountryTest(AppCase):
    def test_a_country_is_stored_in_capitals_however_it_was_sent(self) -> None:
        for sent, stored in {
            "gb": "GB",
            "Gb": "GB",
            "gB": "GB",
            "XK": "XK",
            "xk": "XK",
            "NA": "NA",
            "no": "NO",
        }.items():
            with self.subTest(sent):
                self.assertEqual(self.assert_accepted(self.post_logs(self.log(country=sent)))[0]["country"], stored)

    def test_every_code_in_use_is_known_and_each_once(self) -> None:
        self.assertEqual(len(CODES), 249 + 1)

    def test_codes_of_the_right_shape_that_are_no_country_are_refused_by_that_rule(self) -> None:
        for sent in ("UK", "uk", "EU", "ZZ", "XX", "AN", "SU", "YU", "AC", "QO"):
            with self.subTest(sent):
                self.assert_one_problem(self.post_logs(self.log(country=sent)), "/logs/0/country", "country")

    def test_uk_is_told_to_be_gb(self) -> None:
        problem = self.assert_one_problem(self.post_logs(self.log(country="UK")), "/logs/0/country", "country")
        self.assertIn("GB", problem["message"])

    def test_other_shapes_are_refused_by_their_pattern(self) -> None:
        for sent in ("", "G", "GBR", "GB\n", "GB ", " GB", "G1", "ＧＢ", "ſK", "Kß", "826"):
            with self.subTest(repr(sent)):
                self.assert_one_problem(self.post_logs(self.log(country=sent)), "/logs/0/country", "pattern")

    def test_the_country_of_the_query_is_needed_and_follows_the_same_rule(self) -> None:
        for query in ("country=GB", "COUNTRY=gb", "Country=XK", "country=GB&country=UK"):
            with self.subTest(query):
                self.assertEqual(self.post('{"logs":[{}]}', query=query).get_json()["error"]["code"], 1008)
        for query, code in {
            "": 1001,
            "shopid=34": 1001,
            "country=": 1002,
            "country=UK": 1002,
            "country=GBR": 1002,
        }.items():
            with self.subTest(query):
                self.assertEqual(self.assert_refused(self.post("{}", query=query))["code"], code)

    def test_the_country_of_a_log_may_be_another_than_that_of_the_query(self) -> None:
        reply = self.http.post(f"{PATH}?country=US&oauth_consumer_key={KEY}", json={"logs": [self.log(country="fr")]})
        self.assertEqual(self.assert_accepted(reply)[0]["country"], "FR")


class UserAgentTest(AppCase):
    def test_it_is_cut_after_256_characters_not_bytes(self) -> None:
        cases = {
            "a" * 256: "a" * 256,
            "a" * 257: "a" * 256,
            "a" * 255 + "\U0001f3b5" + "b" * 50: "a" * 255 + "\U0001f3b5",
            "\U0001f3b5" * 300: "\U0001f3b5" * 256,
            "é" * 300: "é" * 256,
            "a" * 100_000: "a" * 256,
        }
        for sent, stored in cases.items():
            with self.subTest(len(sent)):
                self.assertEqual(self.assert_accepted(self.post_logs(self.log(userAgent=sent)))[0]["userAgent"], stored)
                self.assertIn(stored.encode(), self.publisher.values[-1])

    def test_it_is_required_and_a_text_which_may_be_empty(self) -> None:
        self.assert_accepted(self.post_logs(self.log(userAgent="")))
        self.publisher.records.clear()
        odd: tuple[Any, ...] = (None, 5, ["x"], {})
        for sent in odd:
            self.assert_one_problem(self.post_logs(self.log(userAgent=sent)), "/logs/0/userAgent", "type")


class UserIdTest(AppCase):
    def test_ids_stay_exactly_as_they_are(self) -> None:
        ids = [
            "u1",
            "u1 ",
            "U1",
            "ú1",
            " u1",
            "u1\t",
            "u1\n",
            "ü",
            "ü",
            " ",
            "-5",
            "=1+2",
            "\u200b",
            "\ufeffu",
            "\U0010ffff",
        ]
        stored = self.assert_accepted(self.post_logs(*[self.log(userId=each) for each in ids]))
        self.assertEqual([item["userId"] for item in stored], ids)

    def test_its_length_is_counted_in_characters(self) -> None:
        for sent in ("x" * 255, "\U0001f3b5" * 255):
            self.assert_accepted(self.post_logs(self.log(userId=sent)))
        self.publisher.records.clear()
        wrong: tuple[tuple[Any, str], ...] = (
            ("", "minLength"),
            ("x" * 256, "maxLength"),
            ("\U0001f3b5" * 256, "maxLength"),
            (7, "type"),
        )
        for sent, rule in wrong:
            with self.subTest(rule):
                self.assert_one_problem(self.post_logs(self.log(userId=sent)), "/logs/0/userId", rule)
