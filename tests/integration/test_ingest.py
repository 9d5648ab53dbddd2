"""From a POST through nginx to the record in Kafka: what is taken, and that nothing of a refused request is kept."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from confluent_kafka import TopicPartition

from app.logs.limits import MAX_BODY_BYTES
from tests.integration.ingest_rig import PATH, IngestCase, body_of, log
from tests.integration.persister_rig import eventually


def marked(raw: str, **fields: str) -> bytes:
    """A body whose middle log has something raw in place of the word MARK."""
    return body_of(log(), log(**fields), log()).replace(b"MARK", raw.encode())


#: A request of each kind that is refused (G01-G04, G06, G08): status, body, and headers beside the usual ones.
REFUSED: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "G01 a NUL": (400, marked(r"\u0000", userAgent="aMARKb"), {}),
    "G01 half a pair": (400, marked(r"\ud83d", userId="xMARK"), {}),
    "G01 bytes that are no UTF-8": (400, body_of(log(userId="MARK")).replace(b"MARK", b"\xff\xfe"), {}),
    "G02 NaN": (400, body_of(log()).replace(b"31", b"NaN"), {}),
    "G02 minus infinity": (400, body_of(log()).replace(b"31", b"-Infinity"), {}),
    "G02 5,000 nines": (400, body_of(log()).replace(b"123456", b"9" * 5_000), {}),
    "G02 100,000 arrays": (400, b"[" * 100_000 + b"]" * 100_000, {}),
    "G03 a doubled key, the last one invalid": (400, body_of(log()).replace(b"123456,", b'123456, "trackId": 0,'), {}),
    "G04 gzip of 200 MB": (413, b"", {"Content_Encoding": "gzip"}),
    "G04 one byte over the limit": (413, b" " * (MAX_BODY_BYTES + 1), {}),
    "G04 gzip cut off": (400, gzip.compress(body_of(log()))[:-3], {"Content_Encoding": "gzip"}),
    "G04 another encoding": (415, b"x", {"Content_Encoding": "br"}),
    "not JSON by its type": (415, body_of(log()), {"Content_Type": "text/plain"}),
    "G06 UK": (400, body_of(log(country="UK")), {}),
    "G06 three letters": (400, body_of(log(country="GBR")), {}),
    "G06 no country": (400, body_of(log(country="")), {}),
    "G08 no zone": (400, body_of(log(dateTimePlayed="2026-11-24T10:00:00")), {}),
    "G08 before all time": (400, body_of(log(dateTimePlayed="0001-01-01T00:00:00+14:00")), {}),
    "G08 the year 9999": (400, body_of(log(dateTimePlayed="9999-12-31T23:59:59.9999999-14:00")), {}),
    "a wrong Idempotency-Key": (400, body_of(log()), {"Idempotency_Key": "x" * 129}),
    "501 logs": (400, body_of(*[log()] * 501), {}),
    "one of 500 invalid": (400, body_of(*[log()] * 499, log(trackId=0)), {}),
}


def bomb(megabytes: int = 200) -> bytes:
    """A valid body under 200 MB of blanks, as 200 kB of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    blanks = b" " * 1_000_000
    return b"".join(
        [*(packer.compress(blanks) for _ in range(megabytes)), packer.compress(body_of(log())), packer.flush()]
    )


def peak_kilobytes(pid: int) -> int:
    """The most memory that a process ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


class RefusedTest(IngestCase):
    def test_nothing_of_a_refused_request_is_kept(self) -> None:
        for _ in range(6):  # Every worker has seen a request before its memory is looked at.
            self.rig.post(body_of(log()))
        for about, (status, data, headers) in REFUSED.items():
            with self.subTest(about):
                before, workers = self.rig.ends(), self.rig.workers()
                self.assert_refused(self.rig.post(data or bomb(), **headers), status, before, workers)

    def test_a_bomb_takes_less_memory_than_one_plain_body_may(self) -> None:
        data = bomb()
        for _ in range(8):
            self.rig.post_gzip(body_of(log()) + b" " * (MAX_BODY_BYTES - 2_000))
        before = {pid: peak_kilobytes(pid) for pid in self.rig.workers()}
        for _ in range(8):
            self.assertEqual(self.rig.post(data, Content_Encoding="gzip").status, 413)
        for pid, peak in before.items():
            self.assertLess(peak_kilobytes(pid) - peak, MAX_BODY_BYTES // 1024)

    def test_other_methods_keys_and_paths_have_the_same_shape(self) -> None:
        before, workers = self.rig.ends(), self.rig.workers()
        self.assert_refused(self.rig.post(body_of(log()), key="nobody"), 401, before, workers)
        for method, path, status in (("GET", PATH, 405), ("POST", "/1.2/nothing", 404), ("GET", "/ready", 404)):
            reply = self.rig.request(method, f"{path}?oauth_consumer_key={self.rig.key}")
            self.assertEqual(reply.status, status)
            self.assertIn("code", reply.error)
            self.assertIn("X-Request-Id", reply.headers)


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
        yesterday = log()["dateTimePlayed"][:8]
        for sent in (f"{yesterday}01T23:59:59.9999999Z",):
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
