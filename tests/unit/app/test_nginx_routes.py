"""What nginx asks for the legacy API: the verdict as 200 or 403, spoken afterwards; and what is given back."""

from typing import Any

from werkzeug.test import TestResponse

from app.gateway.client import Client
from tests.unit.app.bench import KEY, live_key
from tests.unit.app.gateway_case import GatewayCase

ARTIST = f"/1.2/artist/details?artistid=1&oauth_consumer_key={KEY}"


class NginxRoutesTest(GatewayCase):
    def setUp(self) -> None:
        super().setUp()
        self.allow(**{"legacy.artist": False})

    def ask(self, target: str = ARTIST, method: str = "GET", **headers: str) -> TestResponse:
        given = {"X-Original-URI": target, "X-Original-Method": method} | headers
        return self.http.get("/gateway/authorise", headers=given)

    def speak(self, asked: TestResponse, path: str = "refused", **headers: str) -> TestResponse:
        """What nginx lets be said of it."""
        return self.http.get(f"/gateway/{path}", headers={"X-Gw-Verdict": asked.headers["X-Gw-Verdict"]} | headers)

    def test_yes_is_200_and_counted(self) -> None:
        asked = self.ask()
        self.assertEqual((asked.status_code, asked.headers["X-Gw-Status"]), (200, "200"))
        self.assertEqual(asked.headers["X-Gw-Client"], "acme")
        self.assertEqual(asked.headers["X-RateLimit-Current"], "1")
        self.assertEqual(self.used(), 1)

    def assert_no(self, asked: TestResponse, status: int, code: int) -> TestResponse:
        """403 to nginx, and the real status when it is spoken, in both formats."""
        self.assertEqual((asked.status_code, asked.headers["X-Gw-Status"]), (403, str(status)))
        spoken = self.speak(asked)
        self.assertEqual(spoken.status_code, status)
        self.assertIn(f'<response status="error" version="1.2"><error code="{code}"><errorMessage>', spoken.text)
        as_json = self.speak(asked, Accept="application/json")
        self.assertEqual((as_json.status_code, as_json.get_json()["error"]["code"]), (status, code))
        return spoken

    def test_no_is_403_whatever_is_meant(self) -> None:
        self.assert_no(self.ask("/1.2/artist/x"), 401, 1001)
        self.assert_no(self.ask("/1.2/artist/x?oauth_consumer_key=nobody"), 401, 1002)
        self.assert_no(self.ask(f"/1.2/basket/x?oauth_consumer_key={KEY}"), 403, 7001)
        self.assert_no(self.ask(f"/1.2/artist/../x?oauth_consumer_key={KEY}"), 404, 2001)
        for _ in range(5):
            self.ask()
        spoken = self.assert_no(self.ask(), 429, 7001)
        self.assertEqual((spoken.headers["Retry-After"], spoken.headers["X-RateLimit-Current"]), ("43200", "5"))
        self.assertEqual(self.used(), 5)
        self.clock.turn(49 * 3_600)
        self.assert_no(self.ask(), 503, 7001)

    def test_too_many_parameters_are_400_and_no_500(self) -> None:
        target = "/1.2/artist/x?" + "&".join(["a=1"] * 101)
        self.assertIn(self.ask(target).status_code, {400, 403})

    def test_a_form_is_sent_on_or_refused_at_once(self) -> None:
        headers = {"X-Original-URI": "/1.2/artist/x", "X-Original-Method": "POST"}
        reply = self.http.post("/gateway/pass", data={"oauth_consumer_key": KEY}, headers=headers)
        self.assertEqual((reply.status_code, reply.headers["X-Accel-Redirect"]), (200, "@legacy"))
        self.assertEqual(reply.headers["X-RateLimit-Current"], "1")
        reply = self.http.post("/gateway/pass", data={"oauth_consumer_key": "nobody"}, headers=headers)
        self.assertEqual((reply.status_code, reply.content_type), (401, "application/xml; charset=utf-8"))
        self.assertNotIn("X-Accel-Redirect", reply.headers)

    def test_a_form_of_any_method_is_let_on(self) -> None:
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            headers = {"X-Original-URI": "/1.2/artist/x", "X-Original-Method": method}
            reply = self.http.open("/gateway/pass", method=method, data={"oauth_consumer_key": KEY}, headers=headers)
            self.assertEqual((reply.status_code, reply.headers.get("X-Accel-Redirect")), (200, "@legacy"), method)

    def test_a_legacy_api_that_does_not_answer_costs_nothing(self) -> None:
        asked = self.ask()
        for path, status, code in (("failed/502", 502, 7001), ("failed/504", 504, 7003)):
            reply = self.speak(asked, path)
            self.assertEqual((reply.status_code, reply.headers["X-RateLimit-Current"]), (status, "0"))
            self.assertIn(f'<error code="{code}">', reply.text)
            self.assertEqual(reply.headers["Retry-After"], "5")
            asked = self.ask()
        self.assertEqual(self.used(), 1)

    def test_a_client_without_a_limit_is_given_back_to_as_well(self) -> None:
        self.allow(None, **{"legacy.*": False})
        asked = self.ask()
        self.assertNotIn("X-RateLimit-Current", self.speak(asked, "failed/502").headers)
        self.assertEqual(self.used(), 0)

    def test_a_verdict_that_is_none_is_503_and_no_500(self) -> None:
        for verdict in ("", "x", "e30=", "bm9uc2Vuc2U="):
            reply: Any = self.http.get("/gateway/refused", headers={"X-Gw-Verdict": verdict})
            self.assertEqual(reply.status_code, 503, verdict)

    def test_what_was_signed_is_the_original_request(self) -> None:
        self.list_keys(live_key(KEY, Client("acme", services={"legacy.artist": True})))
        self.assert_no(self.ask(), 401, 1001)
        from oauthlib.oauth1 import Client as Signer

        from tests.unit.app.bench import OAUTH_SECRET

        signer = Signer(KEY, OAUTH_SECRET, timestamp=str(int(self.clock.now().timestamp())))
        _, headers, _ = signer.sign("http://localhost/1.2/artist/details?artistid=1", "DELETE")
        asked = self.ask("/1.2/artist/details?artistid=1", "DELETE", Authorization=headers["Authorization"])
        self.assertEqual(asked.status_code, 200, asked.headers)
