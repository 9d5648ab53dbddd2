"""A small HTTP server on 127.0.0.1 that records what is posted; for the HTTP part of `playlog send`."""

import http.server
import threading
import unittest
from collections.abc import Callable
from dataclasses import dataclass

from playlog_client.batch import Request
from playlog_client.verdict import Reply


@dataclass(frozen=True)
class Posted:
    """One POST as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def request(self) -> Request:
        """The part of it that a fake server understands."""
        names = ("Idempotency-Key", "Content-Encoding", "Content-Type")
        return Request(self.body, {name: self.headers[name] for name in names if name in self.headers})


class Loopback(http.server.ThreadingHTTPServer):
    """Answers each POST with what `act` returns; None closes the connection without a reply."""

    daemon_threads = True

    def __init__(self, act: Callable[[Posted], Reply | None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.act = act
        self.posted: list[Posted] = []
        self.connections: set[tuple[str, int]] = set()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with keep-alive, so that pooled connections are used again."""

    protocol_version = "HTTP/1.1"
    server: Loopback

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        posted = Posted(self.path, dict(self.headers.items()), body)
        self.server.posted.append(posted)
        self.server.connections.add(self.client_address)
        reply = self.server.act(posted)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def start(test: unittest.TestCase, act: Callable[[Posted], Reply | None]) -> Loopback:
    """A server that runs until the test is over."""
    server = Loopback(act)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    test.addCleanup(server.server_close)
    test.addCleanup(thread.join)
    test.addCleanup(server.shutdown)
    return server
