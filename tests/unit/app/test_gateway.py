"""The gateway in the application: what each endpoint asks for, what is counted, and what every answer says."""

import json

from app.gateway.client import Client
from app.logs.delivery import NotPublished
from app.logs.stream import read_streams
from tests.fakes.stream_logs import GOOD, QUERY
from tests.unit.app.bench import KEY, OTHER_KEY, live_key
from tests.unit.app.gateway_case import PATH, GatewayCase


class ServicesTest(GatewayCase):
    def test_each_stream_is_a_service_of_its_own(self) -> None:
        for allowed in read_streams():
            self.allow(None, **{f"logs.{allowed.name}": False})
            for stream in read_streams():
                log = GOOD[stream.name] | {"dateTimePlayed": self.log()["dateTimePlayed"]}
                for path in (stream.path, f"{stream.path}/validate"):
                    reply = self.post(json.dumps({stream.envelope: [log]}), path, QUERY)
                    self.assertEqual(reply.status_code, 200 if stream.name == allowed.name else 403, reply.text)

    def test_a_refusal_has_the_endpoints_format(self) -> None:
        self.allow(tracks=False)
        reply = self.post_logs(self.log())
        self.assertEqual((reply.status_code, reply.get_json()["error"]["code"]), (403, 7001))
        self.assertEqual(self.publisher.records, [])
        self.allow(0, **{"logs.*": False})
        body = "<playLog/>"
        reply = self.http.post(f"/1.2/catalogue/log?oauth_consumer_key={KEY}", data=body, content_type="text/xml")
        self.assertEqual(reply.status_code, 429)
        self.assertIn('<error code="7001"><errorMessage>You have exceeded your daily request limit of 0.', reply.text)

    def test_status_and_limits_need_a_live_key_alone(self) -> None:
        self.allow(0)
        for path in ("/1.2/status", "/1.2/limits"):
            self.assertEqual(self.get(path).status_code, 200)
            self.assertEqual(self.http.get(path).status_code, 401)

    def test_a_receipt_is_asked_for_by_who_may_send_logs(self) -> None:
        self.allow(tracks=False)
        self.assertEqual(self.get("/1.2/logs/receipts/x").status_code, 403)
        self.allow(**{"logs.catalogue": False})
        self.assertEqual(self.get("/1.2/logs/receipts/x").status_code, 404)


class CountingTest(GatewayCase):
    def test_what_was_let_in_is_counted_even_when_it_was_wrong(self) -> None:
        self.post_logs(self.log())
        self.post("{")
        self.get("/1.2/logs/receipts/x")
        self.assertEqual(self.used(), 3)

    def test_refusals_are_not_counted(self) -> None:
        self.post_logs(self.log())
        self.http.post(PATH, json={})
        self.http.post(f"{PATH}?oauth_consumer_key=nobody", json={})
        self.signed("POST", PATH, secret="wrong")
        self.get("/1.2/status")
        self.get()
        self.allow(tracks=False)
        self.post_logs(self.log())
        self.assertEqual(self.used(), 1)

    def test_our_own_5xx_are_not_counted(self) -> None:
        replies = []
        for failure in (NotPublished("circuit open", "no"), NotPublished("_TIMED_OUT", "unknown"), None):
            self.publisher.failure = failure
            replies.append(self.post_logs(self.log()))
        self.assertEqual([each.status_code for each in replies], [503, 503, 200])
        self.assertEqual([each.headers["X-RateLimit-Current"] for each in replies], ["0", "0", "1"])
        self.assertEqual([each.headers.get("X-Gw-Charged-On") for each in replies[:2]], [None, None])
        self.assertEqual(self.used(), 1)

    def test_the_sixth_of_five_is_429_until_midnight(self) -> None:
        replies = [self.post_logs(self.log()) for _ in range(6)]
        self.assertEqual([each.status_code for each in replies], [200] * 5 + [429])
        self.assertEqual(replies[-1].headers["Retry-After"], str(12 * 3_600))
        self.assertEqual(replies[-1].headers["X-Kept"], "no")
        self.assertEqual(self.used(), 5)
        self.clock.turn(12 * 3_600)
        self.list_keys(live_key(KEY, self.client))
        self.assertEqual(self.post_logs(self.log()).status_code, 200)

    def test_a_client_without_a_limit_is_counted_for_the_ledger(self) -> None:
        self.allow(None, **{"logs.*": False})
        for _ in range(3):
            self.assertNotIn("X-RateLimit-Limit", self.post_logs(self.log()).headers)
        self.assertEqual((self.used(), self.store.visits), (3, 0))

    def test_nginx_is_told_who_it_was_and_what_was_counted(self) -> None:
        reply = self.post_logs(self.log())
        self.assertEqual((reply.headers["X-Gw-Client"], reply.headers["X-Gw-Charged-On"]), ("acme", "2026-03-10"))
        self.assertEqual(self.get().headers["X-Gw-Client"], "acme")
        self.assertNotIn("X-Gw-Charged-On", self.get().headers)

    def test_a_used_key_is_noted(self) -> None:
        self.post_logs(self.log())
        self.assertEqual(list(self.counters.keys.values()), [self.clock.now()])


class HeadersTest(GatewayCase):
    def test_every_answer_of_a_limited_client_says_how_it_stands(self) -> None:
        self.publisher.failure = NotPublished("circuit open", "no")
        replies = {503: self.post_logs(self.log())}
        self.publisher.failure = None
        replies |= {
            200: self.post_logs(self.log()),
            400: self.post("{"),
            404: self.get("/1.2/logs/receipts/x"),
            415: self.post("x", Content_Type="text/plain"),
            401: self.signed("POST", PATH, secret="wrong"),
        }
        for _ in range(5):
            replies[429] = self.post_logs(self.log())
        self.allow(tracks=False)
        replies[403] = self.post_logs(self.log())
        for status, reply in replies.items():
            with self.subTest(status=status):
                self.assertEqual(reply.status_code, status)
                self.assertEqual(reply.headers["X-RateLimit-Limit"], "5")
                self.assertEqual(reply.headers["X-RateLimit-Reset"], str(12 * 3_600 - 1))
                self.assertIn("X-RateLimit-Current", reply.headers)

    def test_a_warning_comes_before_the_wall(self) -> None:
        replies = [self.post_logs(self.log()) for _ in range(4)]
        self.assertNotIn("X-RateLimit-Warning", replies[2].headers)
        self.assertEqual(replies[3].headers["X-RateLimit-Warning"], "4 of 5 requests of this day (GMT) are used")

    def test_without_the_counters_a_budget_is_lent_and_said(self) -> None:
        self.store.is_down = True
        replies = [self.post_logs(self.log()) for _ in range(4)]
        self.assertEqual([each.status_code for each in replies], [200, 200, 200, 503])
        self.assertEqual({each.headers["X-Gateway-Status"] for each in replies}, {"degraded"})
        self.assertEqual(replies[-1].headers["X-Kept"], "no")
        self.store.is_down = False
        self.assertEqual(self.used(), 3)


class LimitsTest(GatewayCase):
    def test_a_client_sees_its_own_use_in_both_formats(self) -> None:
        self.allow(4_000, **{"logs.preview": True, "legacy.*": False, "logs.catalogue": False})
        self.post_logs(self.log())
        self.post(json.dumps({}), "/1.2/catalogue/log", "country=GB&userId=u")
        found = self.get(Accept="application/json").get_json()
        wanted = {
            "client": "acme",
            "day": "2026-03-10",
            "dailyLimit": 4_000,
            "current": 1,
            "remaining": 3_999,
            "resetSeconds": 43_199,
            "services": [
                {"name": "legacy.*", "signed": False},
                {"name": "logs.catalogue", "signed": False},
                {"name": "logs.preview", "signed": True},
            ],
        }
        self.assertEqual(found, {"status": "ok", "version": "1.2", "limits": wanted})
        text = self.get().text
        self.assertIn("<current>1</current><remaining>3999</remaining><resetSeconds>43199</resetSeconds>", text)
        self.assertIn('<service signed="true">logs.preview</service>', text)

    def test_a_client_without_a_limit_has_no_numbers(self) -> None:
        self.allow(None)
        found = self.get(Accept="application/json").get_json()["limits"]
        self.assertEqual(found, {"client": "acme", "day": "2026-03-10", "services": []})

    def test_nobody_sees_another_clients(self) -> None:
        self.list_keys(live_key(KEY, Client("acme")), live_key(OTHER_KEY, Client("other")))
        reply = self.http.get(f"/1.2/limits?oauth_consumer_key={OTHER_KEY}")
        self.assertIn("<client>other</client>", reply.text)
