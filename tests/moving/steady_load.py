"""Clients that never stop asking over kept-alive connections, and note every request that wasn't answered 200."""

import http.client
import itertools
import threading
import time
from collections.abc import Sequence
from types import TracebackType

CLIENTS = 4
SECONDS = 20.0


class SteadyLoad:
    """As wrk: a connection that the server said it closes is opened again, any other that ends is a failure.

    But for one whose last answer took longer than `closing_seconds`, or whose client then paused: the promise is to
    those that are quicker (NGINX_CLOSING_SECONDS), and a busy machine may make anyone slow. They are `late`.
    """

    def __init__(self, host: str, port: int, paths: Sequence[str], closing_seconds: float) -> None:
        self._place, self._paths, self._closing_seconds = (host, port), paths, closing_seconds
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.failures: list[str] = []
        self.late = 0
        self.answered = 0
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> "SteadyLoad":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        connection = http.client.HTTPConnection(*self._place, timeout=SECONDS)
        began = time.monotonic()
        # http.client opens a connection again by itself only after it was closed in order.
        for path in itertools.islice(itertools.cycle(self._paths), number, None):
            if self._stop.is_set():
                break
            before, began = began, time.monotonic()
            try:
                connection.request("GET", path)
                reply = connection.getresponse()
                reply.read()
                self._note("" if reply.status == 200 else f"status {reply.status}", is_late=False)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._note(repr(error), is_late=began - before > self._closing_seconds)
        connection.close()

    def _note(self, failure: str, *, is_late: bool) -> None:
        with self._lock:
            self.answered += not failure
            self.late += is_late
            if failure and not is_late:
                self.failures.append(failure)
