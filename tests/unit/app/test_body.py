"""G04 and the other ways in which a body is too large, cut off, or not what its headers say."""

import gzip
import json
import tracemalloc
import zlib

from app.errors import ApiError
from app.logs.body import inflate
from app.logs.limits import MAX_BODY_BYTES
from tests.unit.app.bench import AppCase


class SizeTest(AppCase):
    def padded(self, size: int) -> bytes:
        """A valid body of exactly so many bytes."""
        body = json.dumps({"logs": [self.log()]}).encode()
        return body + b" " * (size - len(body))

    def test_the_limit_is_taken_and_one_byte_more_is_not(self) -> None:
        self.assert_accepted(self.post(self.padded(MAX_BODY_BYTES)))
        self.publisher.records.clear()
        self.assert_refused(self.post(self.padded(MAX_BODY_BYTES + 1)), 413)

    def test_the_limit_counts_for_what_a_gzip_body_inflates_to(self) -> None:
        self.assert_accepted(self.post(gzip.compress(self.padded(MAX_BODY_BYTES)), Content_Encoding="gzip"))
        self.publisher.records.clear()
        for size in (MAX_BODY_BYTES + 1, 10 * MAX_BODY_BYTES):
            self.assert_refused(self.post(gzip.compress(self.padded(size)), Content_Encoding="gzip"), 413)

    def test_a_small_body_that_inflates_to_200_mb_takes_no_memory(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
        for what, data in {"honest": bomb, "lying about its size": bomb[:-4] + b"\1\0\0\0"}.items():
            with self.subTest(what):
                tracemalloc.start()
                try:
                    with self.assertRaises(ApiError) as refused:
                        inflate(data)
                    _, peak = tracemalloc.get_traced_memory()
                finally:
                    tracemalloc.stop()
                self.assertEqual(refused.exception.status, 413)
                self.assertLess(peak, MAX_BODY_BYTES)

    def test_many_members_are_too_large_together(self) -> None:
        body = gzip.compress(b" " * 1_000) * 1_100
        self.assert_refused(self.post(body, Content_Encoding="gzip"), 413)


class GzipTest(AppCase):
    def test_a_gzip_body_is_the_same_as_a_plain_one(self) -> None:
        body = json.dumps({"logs": [self.log()]}).encode()
        self.post(body)
        for encoding in ("gzip", "x-gzip", "GZIP", " gzip "):
            self.assertEqual(self.post(gzip.compress(body), Content_Encoding=encoding).status_code, 200)
        self.assertEqual(len(set(self.publisher.values)), 1)

    def test_several_members_are_one_body(self) -> None:
        body = json.dumps({"logs": [self.log()]}).encode()
        members = b"".join(gzip.compress(body[start : start + 40]) for start in range(0, len(body), 40))
        self.assert_accepted(self.post(members + gzip.compress(b""), Content_Encoding="gzip"))

    def test_a_stream_cut_off_anywhere_is_refused(self) -> None:
        whole = gzip.compress(json.dumps({"logs": [self.log()]}).encode())
        two = whole + gzip.compress(b" " * 50)
        for cut in (*range(len(whole)), len(whole) + 5, len(two) - 1):
            with self.subTest(cut):
                self.assertEqual(self.post(two[:cut], Content_Encoding="gzip").status_code, 400)
        self.assertEqual(self.publisher.records, [])

    def test_what_is_not_gzip_is_refused(self) -> None:
        plain = json.dumps({"logs": [self.log()]}).encode()
        damaged = bytearray(gzip.compress(plain))
        damaged[-6] ^= 1
        for data in (plain, zlib.compress(plain), gzip.compress(plain) + b"rubbish", bytes(damaged), b"", b"\x1f\x8b"):
            with self.subTest(data[:8]):
                self.assert_refused(self.post(data, Content_Encoding="gzip"))

    def test_other_encodings_are_refused_and_gzip_is_named(self) -> None:
        for encoding in ("deflate", "br", "zstd", "gzip, gzip", "gzip, br", "utf-8", "*"):
            with self.subTest(encoding):
                reply = self.post(b"{}", Content_Encoding=encoding)
                self.assertEqual(reply.headers["Accept-Encoding"], "gzip")
                self.assert_refused(reply, 415)


class ContentTypeTest(AppCase):
    def test_json_in_utf_8_is_taken_however_it_is_written(self) -> None:
        body = json.dumps({"logs": [self.log()]})
        for kind in (
            "application/json",
            "Application/JSON",
            'application/json; charset="UTF-8"',
            "application/json;charset=utf8",
        ):
            with self.subTest(kind):
                self.assertEqual(self.post(body, Content_Type=kind).status_code, 200)

    def test_anything_else_is_refused(self) -> None:
        body = json.dumps({"logs": [self.log()]})
        kinds = (
            "",
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "application/jsonp",
            "text/json",
        )
        more = (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json, text/plain",
        )
        for kind in kinds + more:
            with self.subTest(kind):
                self.assert_refused(self.post(body, Content_Type=kind), 415)
