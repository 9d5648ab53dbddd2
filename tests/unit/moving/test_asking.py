"""The doors of the comparator: what it sends, what it takes for an answer, and what for none."""

import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from moving.comparator.asking import Asker, Door
from tests.unit.moving.test_told import told


class Api(BaseHTTPRequestHandler):
    """Says what it was asked, over connections that it closes as the path says."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.path.startswith("/hangs-up"):
            self.close_connection = True
            return
        body = b"<r/>"
        self.send_response(404 if self.path.startswith("/missing") else 200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        # In silence, as a server does that has had enough of a connection.
        self.close_connection = self.path.startswith("/closes")

    def log_message(self, *_: object) -> None:
        """Silent."""


class AskingTest(unittest.TestCase):
    def setUp(self) -> None:
        Api.seen.clear()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.place = ("127.0.0.1", self.server.server_address[1])

    def test_both_are_asked_what_the_client_asked_and_ours_on_its_verdict(self) -> None:
        asker = Asker(self.place, self.place, 5)
        self.addCleanup(asker.close)
        asked = told(accept="application/json", authorization="OAuth x")
        self.assertEqual([asker.legacy(asked) is not None, asker.ours(asked) is not None], [True, True])
        (legacy_target, legacy), (our_target, ours) = Api.seen
        self.assertEqual([legacy_target, our_target], [asked.target] * 2)
        for headers in (legacy, ours):
            self.assertEqual((headers["host"], headers["x-forwarded-proto"]), ("api.example", "https"))
            self.assertEqual(
                (headers["accept"], headers["authorization"], headers["x-7d-traceid"]),
                ("application/json", "OAuth x", "t-1"),
            )
        self.assertEqual((ours["x-gw-verdict"], ours["x-gw-compared"]), ("dmVyZGljdA==", "1"))
        self.assertEqual({name for name in legacy if name.startswith("x-gw")}, set())

    def test_any_status_is_an_answer(self) -> None:
        door = Door(self.place, 5)
        self.addCleanup(door.close)
        found = door.get("/missing", {"Host": "h"})
        assert found is not None
        self.assertEqual((found.status, found.content_type, found.body), (404, "application/xml", b"<r/>"))

    def test_a_kept_connection_that_was_closed_is_opened_again(self) -> None:
        door = Door(self.place, 5)
        self.addCleanup(door.close)
        for _ in range(3):
            self.assertIsNotNone(door.get("/closes", {"Host": "h"}))

    def test_no_answer_is_none_and_the_next_question_is_asked_anew(self) -> None:
        door = Door(self.place, 5)
        self.addCleanup(door.close)
        self.assertIsNone(door.get("/hangs-up", {"Host": "h"}))
        self.assertIsNotNone(door.get("/", {"Host": "h"}))

    def test_nobody_there_is_none(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.assertIsNone(Door(self.place, 1).get("/", {"Host": "h"}))
