"""The record crosses the pipeline unchanged, and nothing else passes for one."""

import unittest
import uuid
from dataclasses import replace

from common.records import (
    RequestRecord,
    Unreadable,
    canonical_json,
    canonical_value,
    digest_of,
    headers_of,
    read_record,
)

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def record(**changes: object) -> RequestRecord:
    items = [{"userId": "ü", "trackId": 1}, {"userId": "\U0001f3b5", "trackId": 2}]
    digest = digest_of("preview", canonical_value(items))
    values: dict[str, object] = {"idempotency_key": b"k-1", "is_test": True, "traceparent": TRACE}
    return RequestRecord(uuid.uuid4(), "demo", "preview", digest, items, **(values | changes))  # type: ignore[arg-type]


class RecordTest(unittest.TestCase):
    def test_comes_back_as_it_was_sent(self) -> None:
        for sent in (record(), record(idempotency_key=None, is_test=False, traceparent=None)):
            self.assertEqual(read_record(headers_of(sent), canonical_value(sent.items)), sent)

    def test_a_trace_that_is_none_is_left_out_and_spoils_nothing(self) -> None:
        for strange in ("00-ab-cd-01", TRACE.upper(), TRACE + "\n", "ü", ""):
            sent = record(traceparent=strange)
            self.assertEqual(
                read_record(headers_of(sent), canonical_value(sent.items)), replace(sent, traceparent=None)
            )

    def test_text_is_utf8_and_not_escaped(self) -> None:
        self.assertEqual(canonical_json({"b": "ü", "a": 1}), '{"a":1,"b":"ü"}'.encode())

    def test_the_digest_tells_stream_and_content_apart(self) -> None:
        value = canonical_value([{"a": 1}])
        digests = {digest_of("preview", value), digest_of("catalogue", value), digest_of("preview", value + b" ")}
        self.assertEqual(len(digests), 3)

    def test_whatever_is_not_a_record_is_unreadable(self) -> None:
        sent = record()
        value, headers = canonical_value(sent.items), dict(headers_of(sent))
        without = [{name: data for name, data in headers.items() if name != gone} for gone in headers]
        wrong: list[dict[str, bytes]] = [
            headers | {"schema": b"99"},
            headers | {"schema": b"\xff"},
            headers | {"request-id": b"no"},
            headers | {"client": b""},
            headers | {"client": b"x" * 65},
            headers | {"client": "ü".encode()},
            headers | {"count": b"3"},
            headers | {"digest": b"00"},
            headers | {"idempotency-key": b"x" * 129},
        ]
        needed = ("request-id", "client", "stream", "schema", "count", "digest")
        wrong += [each for each, gone in zip(without, headers, strict=True) if gone in needed]
        for each in wrong:
            with self.assertRaises(Unreadable, msg=each):
                read_record(list(each.items()), value)
        for bad in (
            None,
            b"",
            b"\xff\xfe\x00",
            b"[]",
            b'{"schema":99}',
            b'{"logs":[]}',
            b'{"logs":[1]}',
            b'{"logs":{}}',
        ):
            with self.assertRaises(Unreadable, msg=bad):
                read_record(list(headers.items()), bad)
        with self.assertRaises(Unreadable):
            read_record(None, value)

    def test_the_reason_never_holds_data(self) -> None:
        with self.assertRaises(Unreadable) as caught:
            read_record([("schema", b"1"), ("request-id", b"secret")], b'{"logs":[{"userId":"secret"}]}')
        self.assertNotIn("secret", str(caught.exception))
