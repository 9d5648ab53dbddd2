"""Senders that never give up: each request is repeated under its own key until it is answered 200."""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from devstack.ports import HOST
from tests.integration.ingest_sender import PATH, log

#: Longer than nginx's own patience with the app.
SENDER_SECONDS = 20.0
#: Nobody waits longer before a repeat, whatever Retry-After asks for: the tests are in a hurry.
LONGEST_WAIT_SECONDS = 0.5
OK = 200
#: What tells a sender to come again; anything else is a fault of ours.
TRY_AGAIN = frozenset({0, 502, 503, 504})


@dataclass(frozen=True)
class Attempt:
    """One try: when it began, how long it took, and what was said; status 0 is a connection that broke."""

    at: float
    seconds: float
    status: int
    kept: str | None = None
    has_retry_after: bool = False


@dataclass(frozen=True)
class Accepted:
    """A request that was answered 200."""

    first_tried_at: float
    began_at: float
    receipt: str
    tracks: range

    @property
    def request_id(self) -> str:
        """32 hexadecimal digits."""
        return self.receipt.split(".")[4]


class Load:
    """So many requests a second, each with logs whose tracks no other log has.

    `door` is asked before each try for the port to send to.
    """

    def __init__(self, door: Callable[[], int], key: str, name: str, rate: float = 40, logs: int = 10) -> None:
        self.door, self._key, self._name, self._rate, self._logs = door, key, name, rate, logs
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.attempts: list[Attempt] = []
        self.accepted: list[Accepted] = []
        #: Requests that were begun and not yet answered 200.
        self.pending: dict[int, float] = {}
        self.wrong: list[str] = []

    def start(self, senders: int = 8) -> None:
        for _ in range(senders):
            thread = threading.Thread(target=self._send, args=(senders / self._rate,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, seconds: float = 60.0) -> None:
        """Begins no more requests, and waits until every one that was begun is answered 200."""
        self._stopping.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self.pending:
            self.wrong.append(f"{len(self.pending)} requests were never answered 200")

    def silence(self, since: float) -> float:
        """The longest time without an answer 200, in seconds, from a moment on."""
        answers = sorted(each.at + each.seconds for each in self.attempts if each.status == OK)
        moments = [since, *(at for at in answers if at > since)]
        return max((later - before for before, later in itertools.pairwise(moments)), default=0.0)

    def statuses(self, since: float = 0.0) -> dict[int, int]:
        """How many tries were answered with which status."""
        found: dict[int, int] = {}
        for each in list(self.attempts):
            if each.at >= since:
                found[each.status] = found.get(each.status, 0) + 1
        return found

    def _send(self, period: float) -> None:
        with contextlib.ExitStack() as stack:
            self._send_by(_Sender(stack), period)

    def _send_by(self, sender: "_Sender", period: float) -> None:
        due = time.monotonic()
        while not self._stopping.is_set():
            number = next(self._numbers)
            began = self.pending[number] = time.monotonic()
            tracks = range(1 + number * self._logs, 1 + (number + 1) * self._logs)
            body = json.dumps({"logs": [log(trackId=track) for track in tracks]}).encode()
            while True:
                attempt, receipt = self._try(sender, number, body)
                self.attempts.append(attempt)
                if attempt.status == OK:
                    self.accepted.append(Accepted(began, attempt.at, receipt, tracks))
                    del self.pending[number]
                    break
                if attempt.status not in TRY_AGAIN:
                    self.wrong.append(f"request {number} was answered {attempt.status}: {receipt}")
                    return
                time.sleep(LONGEST_WAIT_SECONDS)
            due = max(due + period, time.monotonic() - period)
            time.sleep(max(0.0, due - time.monotonic()))

    def _try(self, sender: "_Sender", number: int, body: bytes) -> tuple[Attempt, str]:
        at = time.monotonic()
        connection = sender.connection(self.door())
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"{self._name}-{number}"}
        try:
            connection.request("POST", f"{PATH}?country=GB&oauth_consumer_key={self._key}", body, headers)
            reply = connection.getresponse()
            said = reply.read()
        except (OSError, http.client.HTTPException):
            sender.drop()
            return Attempt(at, time.monotonic() - at, 0), ""
        kept, has_retry_after = reply.headers.get("X-Kept"), "Retry-After" in reply.headers
        attempt = Attempt(at, time.monotonic() - at, reply.status, kept, has_retry_after)
        text = reply.headers.get("X-Receipt", "") if reply.status == OK else said[:300].decode(errors="replace")
        return attempt, text


class _Sender:
    """One sender's connection, kept from request to request."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._connection: http.client.HTTPConnection | None = None
        stack.callback(self.drop)

    def connection(self, port: int) -> http.client.HTTPConnection:
        if self._connection is None or self._connection.port != port:
            self.drop()
            self._connection = http.client.HTTPConnection(HOST, port, timeout=SENDER_SECONDS)
        return self._connection

    def drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
