"""A server and a timer that are not real, for the tests of `playlog send`."""

import gzip
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playlog_client.batch import Request
from playlog_client.verdict import Reply

URL = "http://127.0.0.1:1"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Killed(BaseException):
    """Stands for a kill -9: nothing of ours may catch it and go on."""


class FakeTimer:
    """Waits by moving its hands."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


def refusal(status: int, code: int = 9001, message: str = "no", **headers: str) -> Reply:
    """A reply with the contract's error body; X_Kept="no" becomes the header X-Kept."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, names, json.dumps({"error": {"code": code, "message": message}}).encode())


class FakeServer:
    """Acts on requests as the contract says; does first what is put into `faults`, one a request.

    A fault is a reply, or an exception, raised before the request is kept, or a function that is called with the
    request and gives the reply. `act` is what it does without faults. A log is invalid when it has a field `bad`,
    which names the pointer's last part;
    `rule` is the rule that it breaks: for a time the one of its age, if there is none.
    """

    def __init__(self, *faults: Reply | BaseException | Callable[[Request], Reply]) -> None:
        self.faults = list(faults)
        self.act: Callable[[Request], Reply] = self.take
        self.requests: list[Request] = []
        self.kept: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def post(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            fault = self.faults.pop(0) if self.faults else self.act
        if isinstance(fault, BaseException):
            raise fault
        return fault if isinstance(fault, Reply) else fault(request)

    def take(self, request: Request) -> Reply:
        """What a healthy server does."""
        logs = logs_of(request)
        errors = [
            {
                "index": index,
                "pointer": f"/logs/{index}/{log['bad']}",
                "rule": log.get("rule", "past" if log["bad"] == "dateTimePlayed" else "type"),
                "message": "must be better",
            }
            for index, log in enumerate(logs)
            if log.get("bad")
        ]
        if errors:
            body = {"error": {"code": 1008, "message": "One or more logs contain an error", "errors": errors[:100]}}
            return Reply(400, {}, json.dumps(body).encode())
        with self._lock:
            self.kept.setdefault(request.headers["Idempotency-Key"], logs)
            return Reply(200, {"x-receipt": f"receipt-{len(self.kept)}"}, b"{}")

    @property
    def numbers(self) -> list[int]:
        """The `n` of all the logs that are kept, once for each key under which they are."""
        return sorted(log["n"] for logs in self.kept.values() for log in logs)

    @property
    def keys(self) -> list[str]:
        """The keys of all requests, in order."""
        return [request.headers["Idempotency-Key"] for request in self.requests]


def logs_of(request: Request) -> list[dict[str, Any]]:
    """The logs in a request."""
    packed = request.headers.get("Content-Encoding") == "gzip"
    logs: list[dict[str, Any]] = json.loads(gzip.decompress(request.body) if packed else request.body)["logs"]
    return logs
