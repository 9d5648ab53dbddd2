"""The one renderer, on a bare application with a route for each error."""

import unittest
from xml.etree import ElementTree

from flask import Flask, abort

from app.errors import ApiError, Problem, handle_errors, unavailable


class ErrorsTest(unittest.TestCase):
    def setUp(self) -> None:
        app = Flask("bare")
        handle_errors(app)

        @app.get("/refused")
        def refused() -> str:
            problem = Problem("/logs/4/trackId", "type", 1002, "trackId must be a number", 4)
            raise ApiError(400, 1008, "One log is invalid.", [problem], 7)

        @app.get("/1.2/status")
        def status() -> str:
            raise ApiError(401, 1001, "Who are you? <&>")

        @app.get("/away")
        def away() -> str:
            raise unavailable("Not now.", kept="unknown", code=7003, seconds=9)

        @app.get("/broken")
        def broken() -> str:
            raise KeyError("k3y-and-other-secrets")

        @app.get("/teapot")
        def teapot() -> str:
            abort(418)

        self.http = app.test_client()

    def test_an_error_of_ours_is_rendered_with_its_problems(self) -> None:
        reply = self.http.get("/refused")
        self.assertEqual((reply.status_code, reply.content_type), (400, "application/json"))
        problem = {"index": 4, "pointer": "/logs/4/trackId", "rule": "type", "code": 1002}
        problem |= {"message": "trackId must be a number", "retry": False}
        expected = {"code": 1008, "message": "One log is invalid.", "errors": [problem], "total": 7}
        self.assertEqual(reply.get_json(), {"error": expected})

    def test_an_outage_says_when_to_come_back_and_what_was_kept(self) -> None:
        reply = self.http.get("/away")
        self.assertEqual(
            (reply.status_code, reply.headers["Retry-After"], reply.headers["X-Kept"]), (503, "9", "unknown")
        )

    def test_an_unknown_exception_is_logged_in_full_and_answered_with_a_fixed_sentence(self) -> None:
        with self.assertLogs("app.errors", "ERROR") as logs:
            reply = self.http.get("/broken")
        self.assertIn("KeyError", logs.output[0])
        self.assertEqual((reply.status_code, reply.get_json()["error"]["code"]), (500, 9001))
        self.assertNotIn("secrets", reply.text)
        self.assertEqual(reply.headers["X-Kept"], "unknown")

    def test_errors_of_the_framework_have_the_same_shape(self) -> None:
        for path, method, status, code in (
            ("/nothing", "GET", 404, 2001),
            ("/refused", "PUT", 405, 1002),
            ("/teapot", "GET", 418, 7001),
        ):
            reply = self.http.open(path, method=method)
            self.assertEqual((reply.status_code, reply.get_json()["error"]["code"]), (status, code))
            self.assertEqual(reply.content_type, "application/json")
        self.assertIn("GET", self.http.put("/refused").headers["Allow"])

    def test_an_endpoint_that_speaks_xml_fails_in_xml_unless_json_is_asked_for(self) -> None:
        for accept in (
            "",
            "*/*",
            "application/xml",
            "text/html,application/xml;q=0.9",
            "application/json;q=0.4, application/xml;q=0.5",
        ):
            reply = self.http.get("/1.2/status", headers={"Accept": accept} if accept else {})
            response = ElementTree.fromstring(reply.data)  # noqa: S314 - our own reply
            self.assertEqual(
                (response.tag, response.get("status"), response.get("version")), ("response", "error", "1.2")
            )
            self.assertEqual((response[0].tag, response[0].get("code")), ("error", "1001"))
            self.assertEqual((response[0][0].tag, response[0][0].text), ("errorMessage", "Who are you? <&>"))
        for accept in ("application/json", "application/json, application/xml;q=0.5"):
            reply = self.http.get("/1.2/status", headers={"Accept": accept})
            self.assertEqual(reply.get_json()["error"]["code"], 1001)
