"""A load in bursts: at full speed for a while, then nothing for a while, in a thread of its own."""

import threading
from collections.abc import Sequence

from bench.load import Load, LoadFailed, Measured
from devstack.ports import HOST


class Bursts(threading.Thread):
    """Sends until it is told to end; `seconds` are those of a burst and of the pause after it."""

    def __init__(self, port: int, requests: Sequence[bytes], senders: int, seconds: tuple[float, float]) -> None:
        super().__init__(daemon=True)
        self._port, self._requests, self._senders, self._seconds = port, requests, senders, seconds
        self._enough = threading.Event()
        self.measured = Measured()
        self.failure: LoadFailed | None = None

    def run(self) -> None:
        burst, pause = self._seconds
        try:
            while not self._enough.is_set():
                load = Load((HOST, self._port), self._senders, self._requests, is_taken)
                self.measured = self.measured + load.run(0.0, burst)
                self._enough.wait(pause)
        except LoadFailed as error:
            self.failure = error

    def end(self) -> Measured:
        """What was sent and answered. Raises LoadFailed."""
        self._enough.set()
        self.join()
        if self.failure is not None:
            raise self.failure
        return self.measured


def is_taken(head: bytes, body: bytes) -> bool:
    """The reply to an accepted request."""
    return head.startswith(b"HTTP/1.1 200 ") and body == b"{}"
