"""The endpoints of subscription and catalogue streams: the same rules as previews, in their own shape."""

import json
from typing import Any
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from tests.fakes.stream_logs import GOOD, QUERY, as_xml
from tests.unit.app.bench import AppCase, instant

PATHS = {"subscription": "/1.2/user/subscription/log", "catalogue": "/1.2/catalogue/log"}
XML = "application/xml"


class StreamCase(AppCase):
    def good(self, name: str, **changes: Any) -> dict[str, Any]:
        return GOOD[name] | {"dateTimePlayed": instant(self.clock.now(), hours=1)} | changes

    def post_to(self, name: str, *logs: object, query: str = QUERY, **headers: str) -> TestResponse:
        return self.post(json.dumps({"playLogItem": logs}), PATHS[name], query, **headers)

    def post_xml(self, name: str, *logs: dict[str, Any], path: str = "", **headers: str) -> TestResponse:
        return self.post(as_xml(*logs), PATHS[name] + path, QUERY, **{"Content_Type": XML} | headers)


class AcceptedTest(StreamCase):
    def test_the_reply_counts_the_logs_and_carries_a_receipt(self) -> None:
        for name in PATHS:
            reply = self.post_to(name, self.good(name), self.good(name))
            self.assert_accepted(reply)
            self.assertEqual(reply.get_json(), {"status": "ok", "version": "1.2", "playLogs": {"count": 2}})
            self.assertIn("X-Receipt", reply.headers)
            self.assertEqual(self.publisher.records[-1].stream, name)

    def test_country_and_listener_of_the_query_are_those_of_every_log(self) -> None:
        self.post_to("subscription", self.good("subscription"), self.good("subscription", country="FR", userId="x"))
        for item in self.stored():
            self.assertEqual((item["country"], item["userId"]), ("GB", "listener-1"))

    def test_a_catalogue_log_has_its_own_listener_or_that_of_the_query(self) -> None:
        other = self.good("catalogue")
        del other["userId"]
        self.post_to("catalogue", self.good("catalogue"), other)
        self.assertEqual([item["userId"] for item in self.stored()], ["listener-2", "listener-1"])

    def test_numbers_may_be_texts_and_are_stored_as_numbers(self) -> None:
        log = self.good("subscription", trackId="149477", releaseId="0012", formatId="26", totalTimePlayed="0")
        (item,) = self.assert_accepted(self.post_to("subscription", log))
        self.assertEqual(
            [item[name] for name in ("trackId", "releaseId", "formatId", "totalTimePlayed")], [149477, 12, 26, 0]
        )

    def test_what_the_stream_does_not_know_is_dropped(self) -> None:
        (item,) = self.assert_accepted(self.post_to("catalogue", self.good("catalogue", playType="view", x=1)))
        self.assertNotIn("playType", item)
        self.assertNotIn("x", item)

    def test_a_listener_of_the_query_is_any_text_in_utf_8(self) -> None:
        for given, user in (("u1%20", "u1 "), ("%F0%9F%8E%B5", "\U0001f3b5"), ("a%2Bb+c", "a+b c"), ("é", "é")):
            query = f"country=GB&USERID={given}"
            (item,) = self.assert_accepted(self.post_to("subscription", self.good("subscription"), query=query))
            self.assertEqual(item["userId"], user)

    def test_it_is_measured_by_stream(self) -> None:
        self.post_to("catalogue", self.good("catalogue"))
        self.assertEqual(self.metrics.total("logs.accepted", "stream:catalogue"), 1)


class RefusedTest(StreamCase):
    def test_country_and_listener_are_required_and_checked(self) -> None:
        for name in PATHS:
            for query, code, word in (
                ("userId=u", 1001, "country"),
                ("country=GB", 1001, "userId"),
                ("country=UK&userId=u", 1002, "country"),
                ("country=GB&userId=", 1002, "userId"),
                ("country=GB&userId=" + "x" * 256, 1002, "userId"),
                ("country=GB&userId=%ff", 1002, "userId"),
                ("country=GB&userId=a%00", 1002, "userId"),
            ):
                error = self.assert_refused(self.post_to(name, self.good(name), query=query))
                self.assertEqual(error["code"], code, query)
                self.assertIn(word, error["message"])

    def test_each_field_has_its_rule(self) -> None:
        for name, field, value, rule in (
            ("subscription", "releaseId", 0, "minimum"),
            ("subscription", "formatId", 2**31, "maximum"),
            ("subscription", "playMode", "streaming", "enum"),
            ("subscription", "trackId", True, "type"),
            ("catalogue", "endReason", "skipped", "enum"),
            ("catalogue", "totalTimePlayed", 1.5, "type"),
            ("catalogue", "userId", "", "minLength"),
            ("catalogue", "dateTimePlayed", "2026-03-10T11:00:00", "pattern"),
        ):
            with self.subTest(field):
                reply = self.post_to(name, self.good(name), self.good(name, **{field: value}))
                self.assert_one_problem(reply, f"/playLogItem/1/{field}", rule)

    def test_each_field_that_must_be_there_is_missed(self) -> None:
        for name in PATHS:
            for field in set(GOOD[name]) - {"id", "userId"}:
                log = self.good(name)
                del log[field]
                problem = self.assert_one_problem(self.post_to(name, log), f"/playLogItem/0/{field}", "required")
                self.assertEqual(problem["code"], 1001)

    def test_another_envelope_an_empty_list_and_too_many_logs(self) -> None:
        for name, path in PATHS.items():
            good: list[object] = [self.good(name)]
            bodies: list[dict[str, object]] = [{"logs": good}, {"playLogItem": []}, {"playLogItem": good * 501}]
            for body in bodies:
                self.assert_refused(self.post(json.dumps(body), path, QUERY))


class XmlTest(StreamCase):
    def test_xml_is_taken_and_answered_in_xml(self) -> None:
        for name in PATHS:
            for kind in (XML, "text/xml", "application/xml; charset=UTF-8"):
                reply = self.post_xml(name, self.good(name), self.good(name), Content_Type=kind)
                self.assert_accepted(reply)
                self.assertEqual(reply.content_type, "application/xml; charset=utf-8")
                root = ElementTree.fromstring(reply.data)  # noqa: S314
                self.assertEqual(
                    (root.tag, root.get("status"), root.findtext("playLogs/count")), ("response", "ok", "2")
                )

    def test_accept_chooses_the_format_of_the_reply(self) -> None:
        good = self.good("catalogue")
        self.assertTrue(self.post_xml("catalogue", good, Accept="application/json").is_json)
        self.assertTrue(self.post_xml("catalogue", good, Accept="application/json, application/xml;q=0.5").is_json)
        self.assertFalse(self.post_xml("catalogue", good, Accept="*/*").is_json)
        self.assertFalse(self.post_to("catalogue", good, Accept="text/xml").is_json)
        self.assertTrue(self.post_to("catalogue", good, Accept="*/*").is_json)

    def test_problems_are_told_in_xml_behind_the_message(self) -> None:
        reply = self.post_xml("subscription", self.good("subscription"), self.good("subscription", trackId="x<\t"))
        self.assertEqual(reply.status_code, 400)
        self.assertEqual(self.publisher.records, [])
        root = ElementTree.fromstring(reply.data)  # noqa: S314
        error = root[0]
        self.assertEqual((root.get("status"), error.tag, error.get("code")), ("error", "error", "1008"))
        self.assertEqual([child.tag for child in error], ["errorMessage", "errors"])
        problem = error[1][0]
        self.assertEqual((problem.get("index"), problem.get("pointer")), ("1", "/playLogItem/1/trackId"))
        self.assertIn("trackId", problem.findtext("errorMessage", ""))

    def test_any_character_of_a_pointer_leaves_the_xml_well_formed(self) -> None:
        body = json.dumps({"playLogItem": [self.good("catalogue") | {'a\x00"<\ufffe\x08': 1}]})
        reply = self.post(body, PATHS["catalogue"], QUERY, Accept=XML)
        self.assertEqual(reply.status_code, 400)
        ElementTree.fromstring(reply.data)  # noqa: S314

    def test_an_error_of_the_key_is_in_the_format_of_the_body(self) -> None:
        headers = {"Content-Type": XML}
        reply = self.http.post(f"{PATHS['catalogue']}?{QUERY}", data=as_xml(self.good("catalogue")), headers=headers)
        self.assertEqual((reply.status_code, reply.content_type), (401, "application/xml; charset=utf-8"))

    def test_validation_answers_alike_and_keeps_nothing(self) -> None:
        reply = self.post_xml("catalogue", self.good("catalogue"), path="/validate")
        self.assertEqual((reply.status_code, self.publisher.records), (200, []))
        self.assertEqual(ElementTree.fromstring(reply.data).findtext("logs"), "1")  # noqa: S314

    def test_previews_are_json_alone(self) -> None:
        reply = self.post(as_xml(self.good("preview")), Content_Type=XML, Accept=XML)
        self.assertIn("application/json", self.assert_refused(reply, 415)["message"])

    def test_another_type_is_refused_with_both(self) -> None:
        for kind in ("text/plain", "application/xml; charset=iso-8859-1", ""):
            reply = self.post(as_xml(self.good("catalogue")), PATHS["catalogue"], QUERY, Content_Type=kind)
            self.assertIn("application/xml", self.assert_refused(reply, 415)["message"])
