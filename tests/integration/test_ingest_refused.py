"""Nothing of a refused request is kept, whatever was wrong with it: cases G01 to G08, through nginx."""

import gzip
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.logs.limits import MAX_BODY_BYTES
from tests.integration.ingest_case import IngestCase
from tests.integration.ingest_sender import PATH, Reply, body_of, log


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
        plain = body_of(log()) + b" " * (MAX_BODY_BYTES - 2_000)
        with ThreadPoolExecutor(4) as senders:  # Every worker has seen large bodies, and several at a time.
            list(senders.map(lambda _: self.rig.post(plain), range(24)))
        before = {pid: peak_kilobytes(pid) for pid in self.rig.workers()}
        for _ in range(8):
            self.assertEqual(self.rig.post(data, Content_Encoding="gzip").status, 413)
        for pid, peak in before.items():
            self.assertLess(peak_kilobytes(pid) - peak, MAX_BODY_BYTES // 1024)

    def test_other_methods_keys_and_paths_have_the_same_shape(self) -> None:
        before, workers = self.rig.ends(), self.rig.workers()
        self.assert_refused(self.rig.post(body_of(log()), key="nobody"), 401, before, workers)
        before = self.rig.ends()
        # nginx passes this on, and gunicorn refuses it before the application sees it.
        self.assert_refused(self.rig.post(body_of(log()), Idempotency_Key="a\x01b"), 400, before, workers)
        for method, path, status in (("GET", PATH, 405), ("POST", "/1.2/nothing", 404), ("GET", "/ready", 404)):
            reply = self.rig.request(method, f"{path}?oauth_consumer_key={self.rig.key}")
            self.assertEqual(reply.status, status)
            self.assertIn("code", reply.error)
            self.assertIn("X-Request-Id", reply.headers)

    def test_a_refusal_that_did_not_wait_for_the_body_reaches_the_sender(self) -> None:
        largest = b" " * MAX_BODY_BYTES
        post = self.rig.post
        kinds: dict[str, tuple[int, Callable[[], Reply]]] = {
            "a wrong key": (401, lambda: post(largest, key="wrong")),
            "a wrong country": (400, lambda: post(largest, query="country=GBR")),
            "a wrong type": (415, lambda: post(largest, Content_Type="text/plain")),
            "a wrong encoding": (415, lambda: post(largest, Content_Encoding="br")),
            "a wrong Idempotency-Key": (400, lambda: post(largest, Idempotency_Key="x" * 129)),
        }
        for name, (status, send) in kinds.items():
            with self.subTest(name):
                self.assertEqual({send().status for _ in range(20)}, {status})
