"""What the gateway says through nginx: 200, 401, 403, 429, in front of our own endpoints and of the legacy API."""

import unittest
from typing import Any

import requests

from tests.gateway.gateway_rig import SECONDS, GatewayRig, Known, gateway_rig, restarted_rig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually

XML, JSON = "application/xml; charset=utf-8", "application/json"


class VerdictsCase(unittest.TestCase):
    rig: GatewayRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = gateway_rig()

    def post(self, path: str, **options: Any) -> requests.Response:
        return requests.post(f"{self.rig.url}{path}", timeout=SECONDS, **options)


class VerdictsTest(VerdictsCase):
    plain: Known
    narrow: Known
    limited: Known
    key: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.plain, cls.narrow, cls.limited = cls.rig.several(
            ("--allow", "logs.preview", "--allow", "legacy.artist"),
            ("--allow", "logs.*", "--allow", "legacy.*", "--limit", "2"),
            ("--allow", "legacy.artist", "--limit", "1000"),
        )
        cls.key = cls.plain.key

    def assert_error(self, reply: requests.Response, status: int, code: int) -> None:
        """Ours, in the format that the legacy API speaks, or the other one if it is asked for."""
        self.assertEqual(reply.status_code, status, reply.text)
        self.assertIn("X-Request-Id", reply.headers)
        if reply.headers["Content-Type"] == JSON:
            self.assertEqual(reply.json()["error"]["code"], code)
            return
        self.assertEqual(reply.headers["Content-Type"], XML)
        self.assertIn(f'<response status="error" version="1.2"><error code="{code}"><errorMessage>', reply.text)

    def test_the_legacy_api_gets_what_was_sent_and_its_answer_comes_back(self) -> None:
        forged = {"X-Gw-Verdict": "forged"}
        reply = self.rig.get("/1.2/artist/details", self.key, params={"q": "a b~c+d"}, headers=forged)
        self.assertEqual(reply.status_code, 200)
        seen = reply.json()
        self.assertEqual(seen["path"], f"/1.2/artist/details?q=a+b~c%2Bd&oauth_consumer_key={self.key}")
        self.assertNotIn("X-Gw-Verdict", seen["headers"])
        self.assertFalse([name for name in reply.headers if name.startswith("X-Gw-")])
        url = f"{self.rig.url}/1.2/artist/x?oauth_consumer_key={self.key}"
        body = requests.put(url, data=b"a body", timeout=SECONDS)
        self.assertEqual((body.json()["method"], body.json()["body"]), ("PUT", "a body"))

    def test_its_own_errors_pass_as_they_are(self) -> None:
        for path, status in (("fails", 500), ("missing", 404), ("forbids", 403)):
            reply = self.rig.get(f"/1.2/artist/{path}", self.key)
            self.assertEqual((reply.status_code, reply.json()["method"]), (status, "GET"))

    def test_an_answer_of_the_legacy_api_sends_no_request_on(self) -> None:
        for options in ({"method": "GET"}, {"method": "POST", "data": {"oauth_consumer_key": self.plain.key}}):
            reply = requests.request(
                url=f"{self.rig.url}/1.2/artist/accel?oauth_consumer_key={self.plain.key}", timeout=SECONDS, **options
            )
            self.assertEqual((reply.status_code, reply.json()["method"]), (200, options["method"]))

    def test_who_is_not_known_is_401_in_both_formats(self) -> None:
        for key, code in ((None, 1001), ("nobody", 1002)):
            self.assert_error(self.rig.get("/1.2/artist/x", key), 401, code)
            self.assert_error(self.rig.get("/1.2/artist/x", key, headers={"Accept": JSON}), 401, code)
            self.assert_error(self.post("/1.2/artist/x", data=b"x" * 500_000), 401, 1001)
        self.assertEqual([each for each in self.rig.legacy.seen if "nobody" in each[1]], [])

    def test_what_is_not_allowed_is_403(self) -> None:
        self.assert_error(self.rig.get("/1.2/basket/add", self.key), 403, 7001)
        path = f"/1.2/catalogue/log?country=GB&userId=u&oauth_consumer_key={self.key}"
        self.assert_error(self.post(path, json={}), 403, 7001)

    def test_the_key_is_found_where_real_clients_put_it(self) -> None:
        for header in (f'OAuth oauth_consumer_key="{self.key}"', f"oauth_consumer_key={self.key}"):
            self.assertEqual(self.rig.get("/1.2/artist/x", headers={"Authorization": header}).status_code, 200)
        form = {"oauth_consumer_key": self.key, "name": "a b"}
        reply = self.post("/1.2/artist/form?x=1", data=form)
        self.assertEqual(reply.status_code, 200)
        self.assertEqual((reply.json()["path"], reply.json()["method"]), ("/1.2/artist/form?x=1", "POST"))
        self.assertEqual(reply.json()["body"], f"oauth_consumer_key={self.key}&name=a+b")
        self.assert_error(self.post("/1.2/artist/form", data={"oauth_consumer_key": "no"}), 401, 1002)
        self.assert_error(self.post("/1.2/basket/form", data=form), 403, 7001)

    def test_a_used_up_day_is_429_on_both_and_never_500(self) -> None:
        key = self.narrow.key
        statuses = [self.rig.get("/1.2/artist/x", key).status_code for _ in range(2)]
        self.assertEqual(statuses, [200, 200])
        replies = [
            self.rig.get("/1.2/artist/x", key),
            self.rig.get("/1.2/artist/x", key, headers={"Accept": JSON}),
            self.post("/1.2/artist/x", data={"oauth_consumer_key": key}),
        ]
        posted = self.rig.post(body_of(log()), key=key)
        self.assertEqual((posted.status, posted.headers["X-Kept"]), (429, "no"))
        for reply in replies:
            self.assert_error(reply, 429, 7001)
            self.assertIn("You have exceeded your daily request limit of 2.", reply.text)
            self.assertEqual((reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Current"]), ("2", "2"))
            self.assertEqual(int(reply.headers["Retry-After"]), int(reply.headers["X-RateLimit-Reset"]) + 1)

    def test_every_answer_of_a_limited_client_says_how_it_stands(self) -> None:
        _, key, secret = self.limited
        replies = [self.rig.get(f"/1.2/artist/{path}", key) for path in ("x", "fails", "missing", "forbids")]
        replies += [self.rig.get("/1.2/basket/x", key), self.rig.signed("GET", "/1.2/artist/x", key, f"{secret}x")]
        self.assertEqual([each.status_code for each in replies], [200, 500, 404, 403, 403, 401])
        for reply in replies:
            # The stub's own header says 1: it doesn't come through.
            self.assertEqual(reply.headers["X-RateLimit-Limit"], "1000", reply.status_code)
            self.assertRegex(reply.headers["X-RateLimit-Reset"], r"\A\d{1,5}\Z")
        # Four were counted, some perhaps in other processes: these are heard of within a second. One that got two of
        # them within a second took one ahead, which counts as used until it gives it back.
        self.assertIn(int(replies[3].headers["X-RateLimit-Current"]), range(1, 7))

    def test_nobody_outside_reaches_what_nginx_asks(self) -> None:
        inner = [f"/gateway/{name}" for name in ("authorise", "refused", "failed/502", "pass")]
        for path in (*inner, "/nginx/authorise", "/nginx/refused", "/ready", "//gateway/pass", "/1.2/../gateway/pass"):
            reply = self.rig.get(path, self.key)
            self.assertEqual(reply.status_code, 404, path)
            self.assertNotIn("X-Accel-Redirect", reply.headers)

    def test_a_path_that_two_servers_may_read_differently_goes_nowhere(self) -> None:
        connection = self.rig.connect()
        self.addCleanup(connection.close)
        dots = "/1.2/artist/../basket/add", "/1.2/artist/%2e%2e/basket/add", "/1.2/artist%2f..%2fbasket/add"
        for path in (*dots, "/1.2//basket/add"):
            connection.request("GET", f"{path}?oauth_consumer_key={self.key}")
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.status, 404, path)
        self.assertEqual([each for each in self.rig.legacy.seen if "basket/add" in each[1] and ".." in each[1]], [])


class AwayTest(VerdictsCase):
    """The legacy API, or the app, is away."""

    def test_without_the_legacy_api_it_is_502_and_costs_nothing(self) -> None:
        name, key, _ = self.rig.client("--allow", "legacy.*", "--limit", "100")
        self.assertEqual(self.rig.get("/1.2/artist/x", key).status_code, 200)
        self.rig.legacy.stop()
        try:
            replies = [self.rig.get("/1.2/artist/x", key) for _ in range(5)]
            replies += [self.post("/1.2/artist/x", data={"oauth_consumer_key": key})]
        finally:
            self.rig.legacy.start()
        for reply in replies:
            self.assertEqual((reply.status_code, reply.headers["Content-Type"]), (502, XML), reply.text)
            self.assertEqual((reply.headers["X-RateLimit-Limit"], reply.headers["Retry-After"]), ("100", "5"))
        self.rig.settled(name, 1)
        # What was given back is no admitted line of the access log either.
        found = self.rig.clients("usage", "--access-log", str(self.rig.log_of_nginx))
        self.assertIn(f"{name}\t1\t1\tequal", found.stdout.splitlines())

    def test_without_the_app_it_is_503_and_no_500(self) -> None:
        rig = restarted_rig()
        key = rig.client("--allow", "legacy.*").key
        rig.service.stop()
        try:
            replies = [rig.get("/1.2/artist/x", key) for _ in range(3)]
            form = {"oauth_consumer_key": key}
            replies.append(requests.post(f"{rig.url}/1.2/artist/x", data=form, timeout=SECONDS))
            own = rig.get("/1.2/limits", key)
        finally:
            rig.service.restart()
        for reply in [*replies, own]:
            self.assertIn(reply.status_code, {502, 503})
            self.assertEqual(reply.json()["error"]["code"], 7001)
            self.assertEqual(reply.headers["Retry-After"], "5")
        eventually(lambda: rig.get("/1.2/artist/x", key).status_code == 200, "the app is back", SECONDS)
