"""A stub of the legacy API: says what it was sent, slowly or with an error if the path asks for it."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from devstack.ports import HOST


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, body))  # type: ignore[attr-defined]
        status = 200
        if "/fails" in self.path:
            status = 500
        elif "/missing" in self.path:
            status = 404
        elif "/forbids" in self.path:
            status = 403
        elif "/slow" in self.path:
            time.sleep(0.3)
        facts = {"method": self.command, "path": self.path, "body": body.decode(), "headers": dict(self.headers)}
        data = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-RateLimit-Limit", "1")
        if "/accel" in self.path:
            self.send_header("X-Accel-Redirect", "/nginx/failed/502")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - as its parent calls them

    def log_message(self, *_: Any) -> None:
        """Silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Its parent's 5 are too few for twenty who connect at once.
    request_queue_size = 128


class LegacyStub:
    """Listens from `start` to `stop`, on a port that it keeps."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: list[tuple[str, str, bytes]] = []
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        self._server = _Server((HOST, self.port), _Handler)
        self._server.seen = self.seen  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
