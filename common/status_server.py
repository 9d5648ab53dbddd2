"""Answers /health and /ready over HTTP, for a process that serves nothing else."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: So late stop() is seen at most: every process that is stopped waits for it.
STOP_SECONDS = 0.05


class StatusServer:
    """Serves in threads of its own. `is_alive` tells whether the loop still turns, `about` what /ready says."""

    def __init__(
        self, bind: tuple[str, int], about: Callable[[], dict[str, object]], is_alive: Callable[[], bool]
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/health":
                    alive = is_alive()
                    self._answer(200 if alive else 503, {"alive": alive})
                elif self.path == "/ready":
                    said = about()
                    self._answer(200 if said["ready"] and is_alive() else 503, said)
                else:
                    self._answer(404, {"error": "there is /health and /ready"})

            def _answer(self, status: int, body: dict[str, object]) -> None:
                encoded = json.dumps(body).encode() + b"\n"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Probes are not news."""

        self._server = ThreadingHTTPServer(bind, Handler)
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def start(self) -> None:
        """Answers from now on."""
        looks = {"poll_interval": STOP_SECONDS}
        threading.Thread(target=self._server.serve_forever, name="status", kwargs=looks, daemon=True).start()

    def stop(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._server.server_close()
