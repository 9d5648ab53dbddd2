"""What nginx tells is read, whatever bytes a client sent; and what is kept of it holds neither key nor listener."""

import json
import unittest

from moving.comparator.canonical import Answer
from moving.comparator.comparison import comparison_of, shown_target
from moving.comparator.judge import Judgement
from moving.comparator.told import Told, Unreadable, read_told
from tests.unit.tooling.repository import ROOT

FACTS = {
    "at": "1764250000.123",
    "request_id": "id-1",
    "target": "/1.2/track/details?trackId=12&country=GB&oauth_consumer_key=KEYXYZ&userid=listener-1",
    "client": "acme",
    "track": "12",
    "origin": "legacy",
    "is_sampled": "1",
    "status": "200",
    "verdict": "dmVyZGljdA==",
    "host": "api.example",
    "scheme": "https",
    "accept": "",
    "authorization": "",
    "trace": "t-1",
}


def datagram(**changes: str) -> bytes:
    return b"<190>Nov 27 11:20:42 moves: " + json.dumps(FACTS | changes, ensure_ascii=False).encode("latin-1")


def told(**changes: str) -> Told:
    return read_told(datagram(**changes))


class ToldTest(unittest.TestCase):
    def test_each_part_is_read(self) -> None:
        found = told()
        self.assertEqual(
            (found.path, found.client, found.track, found.status), ("/1.2/track/details", "acme", "12", 200)
        )
        self.assertEqual((found.is_sampled, found.is_moved, found.has_failed), (True, False, False))
        self.assertTrue(found.can_be_compared)

    def test_nginx_conf_tells_each_part_that_is_read(self) -> None:
        text = (ROOT / "nginx.conf").read_text()
        (form,) = [each for each in text.split("log_format ") if each.startswith("compared")]
        for name in FACTS:
            self.assertIn(f'"{name}":"', form)
        self.assertEqual(set(Told._fields) - set(FACTS), set())

    def test_what_can_not_be_asked_again_is_not_compared(self) -> None:
        self.assertFalse(told(verdict="").can_be_compared)
        self.assertFalse(told(is_sampled="").can_be_compared)
        self.assertFalse(told(target="/1.2/track/details?q=é").can_be_compared)
        # Its nonce was used when the client asked.
        self.assertFalse(told(target="/1.2/track/details?trackid=1&OAuth_Signature=x%3D").can_be_compared)
        self.assertFalse(told(authorization='OAuth oauth_nonce="1", oauth_signature="x"').can_be_compared)

    def test_a_failure_of_a_moved_request_is_one(self) -> None:
        found = told(origin="app", status="502", is_sampled="")
        self.assertEqual((found.is_moved, found.has_failed, found.can_be_compared), (True, True, False))

    def test_anything_else_is_unreadable(self) -> None:
        for data in (b"", b"<190>x", b"{}", b'{"at":1', b"{" + b"\xff" * 10, datagram(at="soon"), datagram(status="-")):
            with self.subTest(data[:20]), self.assertRaises(Unreadable):
                read_told(data)


class KeptTest(unittest.TestCase):
    def test_what_is_kept_holds_no_key_no_signature_and_no_listener(self) -> None:
        answer = Answer(200, "application/xml", b"<r/>", 0.01)
        asked = told(target=f"{FACTS['target']}&oauth_signature=S", authorization="OAuth KEYXYZ")
        kept = comparison_of(asked, Judgement("noise"), answer, answer)
        for secret in ("KEYXYZ", "listener-1", "signature", "dmVyZGljdA"):
            self.assertNotIn(secret, str(kept))
        assert kept.detail is not None
        self.assertEqual(kept.detail["url"], "/1.2/track/details?trackId=12&country=GB")
        self.assertEqual((kept.detail["request_id"], kept.detail["trace"]), ("id-1", "t-1"))

    def test_of_an_equal_one_nothing_but_the_numbers_is_kept(self) -> None:
        answer = Answer(200, "application/xml", b"<r/>", 0.01)
        kept = comparison_of(told(), Judgement("equal"), answer, answer)
        self.assertEqual((kept.detail, kept.legacy_ms, kept.our_status), (None, 10.0, 200))
        self.assertEqual(comparison_of(told(), Judgement("failed"), answer, None).our_status, 0)

    def test_a_target_without_a_query_stays(self) -> None:
        self.assertEqual(shown_target("/1.2/track/details"), "/1.2/track/details")
        self.assertEqual(shown_target("/p?trackids=1,2&oauth_nonce=3"), "/p?trackids=1,2")
