"""Python's search for cycles, as a worker has it, and what requests leave it to find."""

import gc
import io
import json
import sys
import unittest
from collections.abc import Callable
from typing import Any

from werkzeug.test import create_environ

from app.sparing import THRESHOLDS, spare_the_collector
from tests.unit.app.bench import KEY, PATH, AppCase

TRACK = "/1.2/track/details"
LARGE = b"x" * 200_000
REQUESTS = 3
#: What is left between two searches may not be more.
MOST_BYTES_LEFT = 5 * 2**20


class Node:
    """Can lie in a cycle."""

    other: "Node"


class SparingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        self.addCleanup(gc.unfreeze)

    def test_what_stays_is_searched_no_more_and_cycles_still_go(self) -> None:
        stays = Node()
        spare_the_collector()
        self.assertEqual(gc.get_threshold(), THRESHOLDS)
        self.assertFalse(any(each is stays for each in gc.get_objects()))
        one, two = Node(), Node()
        one.other, two.other = two, one
        del one, two
        self.assertGreaterEqual(gc.collect(), 2)


class Incoming(io.RawIOBase):
    """A body as it comes over a socket: who wants to keep it has to read it."""

    def __init__(self, body: Callable[[], bytes]) -> None:
        self._body, self._place = body, 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        piece = self._body()[self._place : self._place + len(into)]
        into[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


class LeftByRequestsTest(AppCase):
    """Fewer searches are paid for by what waits for them: it has to be little, and never a body."""

    def test_no_request_leaves_its_body_in_a_cycle(self) -> None:
        # What is there already is searched no more: each search below is quick.
        gc.collect()
        gc.freeze()
        self.addCleanup(gc.unfreeze)
        many = json.dumps({"logs": [self.log(country="XX", userAgent="x" * 3_000)] * 60}).encode()
        requests = {
            "logs": ("POST", PATH, KEY, json.dumps({"logs": [self.log()] * 100}).encode(), 200),
            "no JSON": ("POST", PATH, KEY, b"{" + LARGE, 400),
            "against the rules": ("POST", PATH, KEY, many, 400),
            "an unknown key": ("POST", PATH, "unknown", LARGE, 401),
            "too large": ("POST", PATH, KEY, LARGE * 15, 413),
            "no such path": ("POST", "/nowhere", KEY, LARGE, 404),
            "another method": ("POST", TRACK, KEY, LARGE, 405),
            "a look-up": ("GET", TRACK, KEY, b"", 403),
        }
        for name, (method, path, key, body, status) in requests.items():
            with self.subTest(name):
                self.body = body
                self.assertEqual(self.send(method, path, key), status)
                left = self.left_by(lambda: self.send(method, path, key))  # noqa: B023 - called before the next
                self.assertGreater(len(left), 0)
                objects, size = len(left) / REQUESTS, sum(map(size_of, left)) / REQUESTS
                self.assertLess(THRESHOLDS[0] / objects * size, MOST_BYTES_LEFT, f"{objects} objects, {size} bytes")

    def send(self, method: str, path: str, key: str) -> int:
        """The status, as a server gets it; the client of werkzeug's tests leaves cycles of its own."""
        environ = create_environ(path, method=method, query_string=f"country=GB&trackid=9&oauth_consumer_key={key}")
        environ |= {"wsgi.input": Incoming(lambda: self.body), "CONTENT_LENGTH": str(len(self.body))}
        environ["CONTENT_TYPE"] = "application/json"
        statuses: list[str] = []
        reply: Any = self.app.wsgi_app(environ, lambda status, *_: statuses.append(status))  # type: ignore[arg-type]
        b"".join(reply)
        if hasattr(reply, "close"):
            reply.close()
        return int(statuses[0].split()[0])

    def left_by(self, send: Callable[[], int]) -> list[object]:
        """Everything that some requests leave in cycles."""
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            for _ in range(REQUESTS):
                send()
            gc.collect()
            return list(gc.garbage)
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()


def size_of(each: object) -> int:
    """Its bytes, and those of texts and bytes that it holds, which no search looks at."""
    held = (other for other in gc.get_referents(each) if isinstance(other, bytes | bytearray | str))
    return sys.getsizeof(each) + sum(map(sys.getsizeof, held))
