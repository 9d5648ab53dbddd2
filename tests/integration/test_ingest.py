"""From a POST through nginx to the record in Kafka: what is taken, and that nothing of a refused request is kept."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import TopicPartition

from tests.integration.ingest_case import IngestCase
from tests.integration.ingest_sender import PATH, body_of, log
from tests.integration.topic_rig import eventually


class TakenTest(IngestCase):
    def stored(self, *logs: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
        """Posts logs; what the topic then holds of them."""
        reply = self.rig.post(body_of(*logs), **headers)
        self.assertEqual(reply.status, 200, reply.data)
        self.assertEqual(reply.data, b"{}")
        (record,) = [each for each in self.rig.records() if str(each.request_id) == reply.headers["X-Request-Id"]]
        return list(record.items)

    def test_logs_are_in_the_topic_in_canonical_form(self) -> None:
        music = "a" * 255 + "\U0001f3b5"
        cases: dict[str, tuple[str, Any, Any]] = {
            "G06 small letters": ("country", "gb", "GB"),
            "G06 Kosovo": ("country", "XK", "XK"),
            "G09 256 characters": ("userAgent", music + "b" * 50, music),
            "numbers in a text": ("trackId", "149477", 149477),
            "G10 a blank at the end": ("userId", "u1 ", "u1 "),
            "G10 capitals": ("userId", "U1", "U1"),
        }
        stored = self.stored(*[log(**{name: sent}) for name, sent, _ in cases.values()])
        for (about, (name, _, expected)), item in zip(cases.items(), stored, strict=True):
            with self.subTest(about):
                self.assertEqual(item[name], expected)

    def test_g07_the_last_tick_of_a_day_stays_on_its_day(self) -> None:
        sent = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}T23:59:59.9999999Z"
        self.assertEqual(self.stored(log(dateTimePlayed=sent))[0]["dateTimePlayed"], sent[:-2] + "Z")

    def test_g03_the_last_of_a_doubled_key_is_in_the_topic(self) -> None:
        reply = self.rig.post(body_of(log()).replace(b"123456,", b'123456, "trackId": 999,'))
        (record,) = [each for each in self.rig.records() if str(each.request_id) == reply.headers["X-Request-Id"]]
        self.assertEqual(record.items[0]["trackId"], 999)

    def test_a_gzip_body_becomes_the_same_record(self) -> None:
        data = body_of(log(userId="gzip"))
        first, second = self.rig.post(data), self.rig.post_gzip(data)
        ids = {first.headers["X-Request-Id"], second.headers["X-Request-Id"]}
        self.assertEqual(len({each.digest for each in self.rig.records() if str(each.request_id) in ids}), 1)

    def test_validate_produces_nothing(self) -> None:
        before = self.rig.ends()
        path = f"{PATH}/validate?country=GB&oauth_consumer_key={self.rig.key}"
        reply = self.rig.request("POST", path, body_of(log()), Content_Type="application/json")
        self.assertEqual((reply.status, json.loads(reply.data)), (200, {"valid": True, "logs": 1}))
        self.assertEqual(self.rig.ends(), before)

    def test_a_receipt_is_acknowledged_until_the_group_has_passed_it(self) -> None:
        receipt = self.rig.post(body_of(log())).headers["X-Receipt"]
        path = f"/1.2/logs/receipts/{receipt}?oauth_consumer_key={self.rig.key}"
        first = self.rig.request("GET", path)
        self.assertEqual((first.status, json.loads(first.data)["state"]), (200, "acknowledged"))
        self.assertTrue(first.headers["X-Backlog-Seconds"].isdigit())
        consumer = self.rig.consumer()
        self.addCleanup(consumer.close)
        ends = [TopicPartition(self.rig.topic, number, end) for number, end in self.rig.ends().items()]
        consumer.commit(offsets=ends, asynchronous=False)
        eventually(
            lambda: json.loads(self.rig.request("GET", path).data)["state"] == "consumed", "the receipt says consumed"
        )
        forged = path.replace(receipt, receipt[:-1] + ("A" if receipt[-1] != "A" else "B"))
        self.assertEqual(self.rig.request("GET", forged).status, 404)

    def test_a_key_in_a_header_and_a_test_client(self) -> None:
        key = self.rig.add_client(f"smoke-{self.rig.topic}", "--test")
        path = f"{PATH}?country=GB"
        eventually(
            lambda: (
                self.rig.request(
                    "POST",
                    path,
                    body_of(log()),
                    Content_Type="application/json",
                    Authorization=f"oauth_consumer_key={key}",
                ).status
                == 200
            ),
            "the new client is known",
            3,
        )
        self.assertIn((f"smoke-{self.rig.topic}", True), {(each.client, each.is_test) for each in self.rig.records()})
