"""Modes, ids, defaults, and fields that are missing or that nobody knows."""

from tests.unit.app.bench import AppCase


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
        for no_text in (5, None):
            self.assert_one_problem(self.post_logs(self.log(id=no_text)), "/logs/0/id", "type")

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
