"""Asks /health and /ready again and again: what they say, and how long they take."""

import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from devstack.ports import HOST

PERIOD_SECONDS = 0.1
ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """One answer; status 0 is none."""

    at: float
    seconds: float
    path: str
    status: int


class Probes:
    """As a load balancer and a supervisor do, but more often. `port` is the app's own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.answers: list[Answer] = []

    def start(self) -> "Probes":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(ANSWER_SECONDS * 2 + 1)

    def of(self, path: str, since: float, until: float) -> list[Answer]:
        return [each for each in self.answers if each.path == path and since <= each.at < until]

    def _run(self) -> None:
        while not self._stopping.wait(PERIOD_SECONDS):
            for path in ("/health", "/ready"):
                at = time.monotonic()
                status = self._ask(path)
                self.answers.append(Answer(at, time.monotonic() - at, path, status))

    def _ask(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self._port}{path}", timeout=ANSWER_SECONDS) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0
