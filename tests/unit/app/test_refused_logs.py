"""One invalid log refuses its request, and every error of it is named."""

import json
from typing import Any

from tests.unit.app.bench import KEY, PATH, AppCase


class RefusedTest(AppCase):
    def test_one_invalid_log_refuses_all_and_names_every_error(self) -> None:
        logs = [self.log() for _ in range(6)]
        logs[1] |= {"trackId": "x", "country": "UK"}
        logs[4] |= {"totalTimePlayed": -1}
        del logs[5]["userId"]
        error = self.assert_refused(self.post_logs(*logs))
        found = [(each["index"], each["pointer"], each["rule"], each["code"]) for each in error["errors"]]
        expected = [
            (1, "/logs/1/trackId", "pattern", 1002),
            (1, "/logs/1/country", "country", 1002),
            (4, "/logs/4/totalTimePlayed", "minimum", 1002),
            (5, "/logs/5/userId", "required", 1001),
        ]
        self.assertEqual(sorted(found), sorted(expected))
        self.assertEqual((error["code"], error["total"]), (1008, 4))
        self.assertTrue(all(each["message"] and each["retry"] is False for each in error["errors"]))

    def test_100_errors_are_explained_and_all_are_counted(self) -> None:
        error = self.assert_refused(self.post_logs(*[self.log(trackId=0, country="UK")] * 120))
        self.assertEqual((len(error["errors"]), error["total"]), (100, 240))

    def test_a_log_that_is_no_object_is_named(self) -> None:
        odd: tuple[Any, ...] = (None, 5, "x", [], True)
        for log in odd:
            error = self.assert_refused(self.post(json.dumps({"logs": [self.log(), log]})))
            self.assertEqual([(each["index"], each["rule"]) for each in error["errors"]], [(1, "type")])

    def test_messages_never_repeat_what_was_sent(self) -> None:
        reply = self.post_logs(self.log(userId="x" * 256, country="Qx", playMode="seCret", trackId="seCret"))
        self.assertNotIn("seCret", reply.text)

    def test_refusals_are_counted_by_rule(self) -> None:
        self.post_logs(self.log(country="UK"), self.log(country="UK", trackId=0))
        self.assertEqual(self.metrics.total("logs.refused", "rule:country", "stream:preview"), 2)
        self.assertEqual(self.metrics.total("logs.refused", "rule:minimum"), 1)

    def test_other_methods_and_paths_have_the_same_shape(self) -> None:
        for method, path, status in (
            ("GET", PATH, 405),
            ("PUT", PATH, 405),
            ("POST", "/1.2/nothing", 404),
            ("POST", PATH + "/", 404),
            ("POST", "/" + PATH, 404),
        ):
            reply = self.http.open(f"{path}?oauth_consumer_key={KEY}", method=method)
            self.assertEqual(reply.status_code, status)
            self.assertIn("message", reply.get_json()["error"])
            self.assertIn("X-Request-Id", reply.headers)
