"""Asks for receipts while everything breaks: none may say `consumed` before its request is in the books."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

from devstack.ports import HOST
from devstack.process import ProcessFailed
from tests.faults.load import Accepted
from tests.faults.scene import Scene

PERIOD_SECONDS = 0.1
ANSWER_SECONDS = 20.0
#: A question, two more for what is forged or foreign, and one to the database that waits for a lock.
STOP_SECONDS = 120.0
OK, NOT_FOUND = 200, 404
#: No answer, or one that says to come again.
AWAY = frozenset({0, 502, 503, 504})
#: A request is in the books once it has a row, whatever became of its logs.
IN_THE_BOOKS = "SELECT 1 FROM request WHERE request_id = UNHEX('{id}') OR duplicate_of = UNHEX('{id}')"


@dataclass
class Seen:
    """What was asked and heard; `wrong` is empty, or the promise is broken."""

    asked: int = 0
    consumed: set[str] = field(default_factory=set)
    #: Said to be consumed while the database could not be asked: to be looked up later.
    unproved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class ReceiptsWatch:
    """One thread; it asks for the newest receipt, for an older one, for a forged one and for another client's."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._draw = random.Random(1)
        self._stopping = threading.Event()
        self._may_ask = threading.Event()
        self._may_ask.set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.seen = Seen()

    def start(self) -> "ReceiptsWatch":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self.seen.wrong.append(f"a question for a receipt wasn't answered within {STOP_SECONDS:.0f} s")

    def pause(self) -> None:
        """Asks nothing until go_on()."""
        self._may_ask.clear()

    def go_on(self) -> None:
        self._may_ask.set()

    def settle(self, seconds: float = 15.0) -> None:
        """Every accepted request is in the books by now: each receipt says so within `seconds`."""
        for request_id in self.seen.unproved:
            if not self._is_in_the_books(request_id):
                self.seen.wrong.append(f"{request_id} was said to be consumed, and isn't in the books")
        deadline = time.monotonic() + seconds
        for each in self._some(self._scene.senders.accepted, 300):
            while (answer := self._ask(each.receipt, self._scene.key)) != (OK, "consumed"):
                if time.monotonic() > deadline:
                    self.seen.wrong.append(f"the receipt {each.receipt} is answered {answer}, though it is consumed")
                    return
                time.sleep(0.1)

    def _run(self) -> None:
        try:
            self._ask_on()
        except Exception as error:
            # A watch that has ended sees nothing wrong: that is wrong.
            self.seen.wrong.append(f"the watch of the receipts ended: {error!r}")
            raise

    def _ask_on(self) -> None:
        while not self._stopping.wait(PERIOD_SECONDS):
            if not self._may_ask.is_set():
                continue
            accepted = self._scene.senders.accepted
            for each in [accepted[-1], self._draw.choice(accepted)] if accepted else []:
                self._look(each)

    def _look(self, each: Accepted) -> None:
        self.seen.asked += 1
        if self._ask(each.receipt, self._scene.key) == (OK, "consumed"):
            self.seen.consumed.add(each.request_id)
            try:
                if not self._is_in_the_books(each.request_id):
                    self.seen.wrong.append(f"{each.request_id} is said to be consumed before it is in the books")
            except ProcessFailed:
                self.seen.unproved.append(each.request_id)
        if self.seen.asked % 5 == 0:
            forged = each.receipt[:-1] + ("A" if each.receipt[-1] != "A" else "Q")
            for receipt, key in ((forged, self._scene.key), (each.receipt, self._scene.foreign_key)):
                status, _ = self._ask(receipt, key)
                if status not in {NOT_FOUND, *AWAY}:
                    self.seen.wrong.append(f"a forged or foreign receipt was answered with {status}: {receipt}")

    def _ask(self, receipt: str, key: str) -> tuple[int, str]:
        """Status (0: no answer) and state."""
        connection = http.client.HTTPConnection(HOST, self._scene.door(), timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", f"/1.2/logs/receipts/{receipt}?oauth_consumer_key={key}")
            reply = connection.getresponse()
            said = reply.read()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()
        return reply.status, json.loads(said)["state"] if reply.status == OK else ""

    def _is_in_the_books(self, request_id: str) -> bool:
        return bool(self._scene.sql(IN_THE_BOOKS.format(id=request_id)))

    def _some(self, accepted: list[Accepted], count: int) -> list[Accepted]:
        return self._draw.sample(accepted, min(count, len(accepted)))
