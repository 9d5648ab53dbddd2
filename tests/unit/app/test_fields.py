"""G06 to G10: each field of a log, at its edges."""

from app.logs.countries import CODES
from tests.unit.app.bench import PATH, AppCase, KEY


class CountryTest(AppCase):
    def test_a_country_is_stored_in_capitals_however_it_was_sent(self) -> None:
        for sent, stored in {"gb": "GB", "Gb": "GB", "gB": "GB", "XK": "XK", "xk": "XK", "NA": "NA", "no": "NO"}.items():
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
        for query, code in {"": 1001, "shopid=34": 1001, "country=": 1002, "country=UK": 1002, "country=GBR": 1002}.items():
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
        for sent in (None, 5, ["x"], {}):
            self.assert_one_problem(self.post_logs(self.log(userAgent=sent)), "/logs/0/userAgent", "type")


class UserIdTest(AppCase):
    def test_ids_stay_exactly_as_they_are(self) -> None:
        ids = ["u1", "u1 ", "U1", "ú1", " u1", "u1\t", "u1\n", "ü", "ü", " ", "-5", "=1+2", "\u200b", "\ufeffu", "\U0010ffff"]
        stored = self.assert_accepted(self.post_logs(*[self.log(userId=each) for each in ids]))
        self.assertEqual([item["userId"] for item in stored], ids)

    def test_its_length_is_counted_in_characters(self) -> None:
        for sent in ("x" * 255, "\U0001f3b5" * 255):
            self.assert_accepted(self.post_logs(self.log(userId=sent)))
        self.publisher.records.clear()
        for sent, rule in (("", "minLength"), ("x" * 256, "maxLength"), ("\U0001f3b5" * 256, "maxLength"), (7, "type")):
            with self.subTest(rule):
                self.assert_one_problem(self.post_logs(self.log(userId=sent)), "/logs/0/userId", rule)


class OtherFieldsTest(AppCase):
    def test_the_modes_are_exactly_three_and_the_types_exactly_two(self) -> None:
        for mode in ("online", "offline", "online-cached"):
            self.assert_accepted(self.post_logs(self.log(playMode=mode, playType="creation")))
        self.publisher.records.clear()
        for mode in ("onlineCached", "Online", "online ", "online\n", ""):
            self.assert_one_problem(self.post_logs(self.log(playMode=mode)), "/logs/0/playMode", "enum")
        for kind in ("View", "", "play"):
            self.assert_one_problem(self.post_logs(self.log(playType=kind)), "/logs/0/playType", "enum")

    def test_the_type_is_view_when_none_is_given(self) -> None:
        log = self.log()
        del log["playType"]
        self.assertEqual(self.assert_accepted(self.post_logs(log))[0]["playType"], "view")

    def test_an_id_of_visible_ascii_is_kept_and_others_are_refused(self) -> None:
        for given in ("x", "x" * 64, "!~", '"\\/', "6f1f8a3e-2a0b-4c1e-9d59-0c9a1a9d5f10"):
            self.assertEqual(self.assert_accepted(self.post_logs(self.log(id=given)))[0]["id"], given)
        self.assertNotIn("id", self.assert_accepted(self.post_logs(self.log()))[0])
        self.publisher.records.clear()
        for given in ("", "x" * 65, "a b", "é", "x\n", "\x7f"):
            with self.subTest(repr(given)):
                self.assert_one_problem(self.post_logs(self.log(id=given)), "/logs/0/id", "pattern")
        for given in (5, None):
            self.assert_one_problem(self.post_logs(self.log(id=given)), "/logs/0/id", "type")

    def test_unknown_fields_are_dropped(self) -> None:
        log = self.log(releaseId=5, note={"a": [1, {"b": None}]}, trackID=1, ID="x")
        self.assertEqual(self.assert_accepted(self.post_logs(log, self.log()))[0], self.stored()[1])

    def test_each_missing_field_is_named(self) -> None:
        needed = ["userId", "country", "trackId", "dateTimePlayed", "totalTimePlayed", "userAgent", "playMode"]
        for name in needed:
            log = self.log()
            del log[name]
            problem = self.assert_one_problem(self.post_logs(self.log(), log), f"/logs/1/{name}", "required")
            self.assertEqual(problem["code"], 1001)
        error = self.assert_refused(self.post_logs({}))
        self.assertEqual([each["pointer"] for each in error["errors"]], [f"/logs/0/{name}" for name in needed])

    def test_equal_content_becomes_equal_bytes(self) -> None:
        log = self.log()
        other = dict(reversed(log.items())) | {"trackId": str(log["trackId"]), "country": "gb", "x": 1}
        other["dateTimePlayed"] = log["dateTimePlayed"].replace(".000Z", "+00:00")
        self.post_logs(log)
        self.post_logs(other)
        self.assertEqual(self.publisher.values[0], self.publisher.values[1])
        self.assertEqual(self.publisher.records[0].digest, self.publisher.records[1].digest)
