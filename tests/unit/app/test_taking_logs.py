"""The endpoint from request to record and reply, beyond what its body says."""

import json
import uuid

from app.logs.delivery import NotPublished
from common.records import digest_of
from tests.unit.app.bench import PATH, AppCase


class AcceptedTest(AppCase):
    def test_the_reply_is_an_empty_object_with_request_id_and_receipt(self) -> None:
        reply = self.post_logs(self.log(), self.log())
        self.assertEqual((reply.status_code, reply.data, reply.content_type), (200, b"{}", "application/json"))
        self.assertIn("X-Receipt", reply.headers)
        self.assertEqual(uuid.UUID(reply.headers["X-Request-Id"]).version, 7)

    def test_a_request_is_one_record_with_its_id_client_stream_and_digest(self) -> None:
        reply = self.post_logs(self.log(), self.log())
        (record,) = self.publisher.records
        self.assertEqual(str(record.request_id), reply.headers["X-Request-Id"])
        self.assertEqual((record.client, record.stream, len(record.items)), ("acme", "preview", 2))
        self.assertEqual(record.digest, digest_of("preview", self.publisher.values[0]))
        self.assertIsNone(record.idempotency_key)

    def test_the_request_id_is_ours_whatever_is_sent(self) -> None:
        for path in (PATH, f"{PATH}/validate", "/health", "/nothing"):
            reply = self.post("{}", path=path, X_Request_Id="theirs")
            self.assertNotEqual(reply.headers["X-Request-Id"], "theirs")

    def test_text_is_written_as_utf_8_so_that_a_record_never_outgrows_its_body(self) -> None:
        body = json.dumps({"logs": [self.log(userAgent="\u20ac" * 200, userId="\U0001f3b5" * 100)] * 300})
        self.post(body)
        self.assertLess(len(self.publisher.values[0]), len(body) / 2)

    def test_it_is_measured(self) -> None:
        self.post_logs(self.log(), self.log())
        self.assertEqual(self.metrics.total("logs.accepted", "stream:preview"), 2)
        self.assertEqual(self.metrics.total("http.requests", "status:200", "stream:preview"), 1)


class HeadersTest(AppCase):
    def test_an_idempotency_key_of_visible_ascii_goes_into_the_record(self) -> None:
        for key in ("x", "a" * 128, "6f1f8a3e-2a0b-4c1e-9d59-0c9a1a9d5f10", '!"#~'):
            self.assertEqual(self.post_logs(self.log(), Idempotency_Key=key).status_code, 200)
            self.assertEqual(self.publisher.records[-1].idempotency_key, key.encode())

    def test_any_other_key_is_refused(self) -> None:
        for key in ("", "a" * 129, "a b", "\t", "é", "\x7f"):
            with self.subTest(repr(key)):
                self.assertIn(
                    "Idempotency-Key", self.assert_refused(self.post_logs(self.log(), Idempotency_Key=key))["message"]
                )

    def test_a_trace_is_passed_on_when_it_is_one_and_left_out_otherwise(self) -> None:
        trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for sent in (trace, "x", "", trace + "\u00e9", trace.upper()):
            self.assertEqual(self.post_logs(self.log(), Traceparent=sent).status_code, 200)
        self.assertEqual(len(self.publisher.records), 5)


class ValidateTest(AppCase):
    def test_valid_logs_are_called_so_and_nothing_is_produced(self) -> None:
        reply = self.post(json.dumps({"logs": [self.log()] * 3}), path=f"{PATH}/validate")
        self.assertEqual((reply.status_code, reply.get_json()), (200, {"valid": True, "logs": 3}))
        self.assertEqual(self.publisher.records, [])
        self.assertNotIn("X-Receipt", reply.headers)

    def test_invalid_logs_are_answered_exactly_as_by_the_real_endpoint(self) -> None:
        for body in (
            json.dumps({"logs": [self.log(trackId=0)]}),
            "[",
            "{}",
            json.dumps({"logs": [self.log(userId="\x00")]}),
        ):
            real, dry = self.post(body), self.post(body, path=f"{PATH}/validate")
            self.assertEqual((real.status_code, real.data), (dry.status_code, dry.data))

    def test_it_needs_a_key_as_well(self) -> None:
        self.assertEqual(self.http.post(f"{PATH}/validate?country=GB", json={}).status_code, 401)

    def test_it_answers_while_kafka_is_away(self) -> None:
        self.publisher.failure = NotPublished("circuit open", "no")
        self.assertEqual(self.post(json.dumps({"logs": [self.log()]}), path=f"{PATH}/validate").status_code, 200)
