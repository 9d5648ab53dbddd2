"""A listener's dead letters: renamed so that they can still be replayed; what can't be read is said, or cleared."""

import base64
import json
import zlib
from dataclasses import replace
from typing import Any

from common.records import canonical_json, canonical_value, digest_of, headers_of, read_record
from tests.fakes.play_requests import log, request
from tests.integration.erasure_case import LETTER, ErasureCase


class Letters(ErasureCase):
    def value(self) -> tuple[bytes, list[tuple[str, bytes]]]:
        """The only letter's value and headers."""
        ((packed, headers),) = self.rows("SELECT value_zlib, headers_json FROM dead_letter")
        pairs = [(name, base64.b64decode(data)) for name, data in json.loads(headers or "[]")]
        return zlib.decompress(packed), pairs

    def put(self, value: bytes, headers: list[tuple[str, bytes]], item: int | None, client: str | None) -> None:
        encoded = json.dumps([[name, base64.b64encode(data).decode()] for name, data in headers])
        self.run_sql(LETTER, item, b"r" * 16, client, zlib.compress(value), encoded.encode())

    def test_a_single_log_is_renamed(self) -> None:
        self.put(canonical_json(log(userId="gone", trackId="x")), headers_of(request(client="acme")), 2, "acme")
        done = self.erase()
        self.assertEqual((done.dead_letters, done.doubtful), (1, []))
        self.assertEqual(json.loads(self.value()[0]), log(userId=done.token, userAgent=done.token, trackId="x"))

    def test_a_whole_record_keeps_a_digest_that_agrees(self) -> None:
        items: list[dict[str, Any]] = [log(userId="gone"), log(userId="here")]
        value = canonical_value(items)
        sent = replace(request(client="acme"), items=items, digest=digest_of("preview", value))
        self.put(value, headers_of(sent), None, None)
        done = self.erase()
        found = read_record(self.value()[1], self.value()[0])
        self.assertEqual([item["userId"] for item in found.items], [done.token, "here"])
        self.assertEqual((found.request_id, found.client), (sent.request_id, "acme"))

    def test_another_clients_letter_is_left_alone(self) -> None:
        self.put(canonical_json(log(userId="gone")), [], 0, "bolt")
        value = canonical_value([log(userId="gone")])
        self.put(value, headers_of(request(client="bolt")), None, None)
        done = self.erase()
        self.assertEqual((done.dead_letters, done.doubtful), (0, []))

    def test_what_cannot_be_read_as_logs_is_said_and_cleared_when_asked(self) -> None:
        self.put(b"\xff gone \xfe", [], None, None)
        self.put(b"\xff else \xfe", [], None, None)
        done = self.erase()
        self.assertEqual(len(done.doubtful), 1)
        cleared = self.erase(clears_doubtful=True)
        self.assertEqual((cleared.cleared, cleared.doubtful), (done.doubtful, []))
        kept = self.rows("SELECT value_zlib IS NULL, value_sha256 IS NULL FROM dead_letter ORDER BY id")
        self.assertEqual(kept, [(1, 0), (0, 0)])
        self.assertEqual(self.erase().doubtful, [])
