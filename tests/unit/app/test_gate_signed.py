"""Signed requests in the application, and keys in every place where clients put them."""

from datetime import timedelta

from oauthlib.oauth1 import SIGNATURE_TYPE_QUERY

from app.gateway.clients import FRESH_SECONDS
from tests.unit.app.bench import KEY, OTHER_KEY
from tests.unit.app.gateway_case import PATH, GatewayCase

LOGS = f"{PATH}?country=GB"


class SignedTest(GatewayCase):
    def body(self) -> dict[str, object]:
        return {"logs": [self.log()]}

    def test_a_signed_post_is_taken_in_header_and_query(self) -> None:
        self.allow(**{"logs.preview": True})
        self.assertEqual(self.signed("POST", LOGS, body=self.body()).status_code, 200)
        reply = self.signed("POST", LOGS, body=self.body(), signature_type=SIGNATURE_TYPE_QUERY)
        self.assertEqual(reply.status_code, 200, reply.text)

    def test_where_a_signature_is_demanded_a_key_alone_is_not_enough(self) -> None:
        self.allow(**{"logs.preview": True})
        reply = self.post_logs(self.log())
        self.assertEqual((reply.status_code, reply.get_json()["error"]["code"]), (401, 1001))

    def test_a_wrong_signature_is_refused_where_none_is_demanded_too(self) -> None:
        reply = self.signed("POST", LOGS, body=self.body(), secret="wrong")
        self.assertEqual(reply.status_code, 401)
        self.assertIn("invalid signature", reply.get_json()["error"]["message"])
        self.assertEqual(self.publisher.records, [])

    def test_the_same_request_again_is_refused(self) -> None:
        replies = [self.signed("POST", LOGS, body=self.body(), nonce="once") for _ in range(2)]
        self.assertEqual([each.status_code for each in replies], [200, 401])
        self.assertIn("nonce was used before", replies[1].get_json()["error"]["message"])

    def test_a_wrong_signature_uses_no_nonce_up(self) -> None:
        self.signed("POST", LOGS, body=self.body(), nonce="once", secret="wrong")
        self.assertEqual(self.signed("POST", LOGS, body=self.body(), nonce="once").status_code, 200)

    def test_an_old_and_an_early_timestamp_hear_our_time(self) -> None:
        for hours in (-1, 1):
            stamp = str(int((self.clock.now() + timedelta(hours=hours)).timestamp()))
            reply = self.signed("POST", LOGS, body=self.body(), timestamp=stamp)
            self.assertEqual(reply.status_code, 401)
            self.assertIn("2026-03-10T12:00:00Z", reply.get_json()["error"]["message"])

    def test_a_body_of_json_is_no_part_of_the_signature(self) -> None:
        # RFC 5849, section 3.4.1.3.1: forms alone are. What was changed on the way shows in TLS, and nowhere else.
        self.assertEqual(self.signed("POST", LOGS, body={"logs": [self.log(trackId=7)]}).status_code, 200)

    def test_a_users_token_or_a_key_without_a_secret_leaves_it_unsigned(self) -> None:
        token = {"resource_owner_key": "user-token", "resource_owner_secret": "unknown to us"}
        self.assertEqual(self.signed("POST", LOGS, body=self.body(), **token).status_code, 200)
        self.allow_without_a_secret(**{"logs.*": False})
        self.assertEqual(self.signed("POST", LOGS, body=self.body(), secret="any").status_code, 200)
        self.allow_without_a_secret(**{"logs.*": True})
        self.assertEqual(self.signed("POST", LOGS, body=self.body(), secret="any").status_code, 401)
        self.allow(**{"logs.*": True})
        self.assertEqual(self.signed("POST", LOGS, body=self.body(), **token).status_code, 401)

    def test_without_the_table_signed_logs_go_on_once_in_this_process(self) -> None:
        self.allow(None, **{"logs.*": True})
        self.store.is_down = True
        replies = [self.signed("POST", LOGS, body=self.body(), nonce="once") for _ in range(2)]
        self.assertEqual([each.status_code for each in replies], [200, 401])
        self.assertEqual(replies[0].headers["X-Gateway-Status"], "degraded")

    def test_what_a_stranger_says_of_scheme_and_host_counts_for_nothing(self) -> None:
        reply = self.http.get(
            f"/1.2/limits?oauth_consumer_key={KEY}&oauth_signature=x",
            headers={"X-Forwarded-Host": "api.example", "Forwarded": "host=api.example"},
        )
        self.assertEqual(reply.status_code, 401)


class KeyPlacesTest(GatewayCase):
    def test_a_form_is_looked_into(self) -> None:
        reply = self.http.post(LOGS, data={"oauth_consumer_key": KEY, "x": "y"})
        # It was recognised: that a form holds no logs is the next thing that is said.
        self.assertEqual((reply.status_code, reply.headers["X-Gw-Client"]), (415, "acme"))
        self.assertEqual(self.http.post(LOGS, data={"oauth_consumer_key": "nobody"}).status_code, 401)

    def test_two_keys_are_one_too_many(self) -> None:
        reply = self.http.post(
            f"{LOGS}&oauth_consumer_key={KEY}", headers={"Authorization": f"oauth_consumer_key={KEY}"}
        )
        self.assertNotEqual(reply.status_code, 401)
        for headers in ({"Authorization": f"OAuth oauth_consumer_key={OTHER_KEY}"},):
            reply = self.http.post(f"{LOGS}&oauth_consumer_key={KEY}", headers=headers)
            self.assertEqual((reply.status_code, reply.get_json()["error"]["code"]), (401, 1002))
            self.assertIn("more than one key", reply.get_json()["error"]["message"])

    def test_a_form_that_is_none_is_401_and_no_error_of_ours(self) -> None:
        for data in (b"", b"\xff\xfe", b"&&&=", b"a" * 100, b"&".join([b"a=1"] * 200)):
            reply = self.http.post(LOGS, data=data, content_type="application/x-www-form-urlencoded")
            self.assertEqual(reply.status_code, 401)

    def test_after_the_stated_time_an_old_list_serves_nobody(self) -> None:
        self.clock.turn(FRESH_SECONDS + 48 * 3_600 - 10)
        self.assertEqual(self.post_logs(self.log()).status_code, 200)
        self.clock.turn(10)
        reply = self.post_logs(self.log())
        self.assertEqual((reply.status_code, reply.headers["X-Kept"]), (503, "no"))
