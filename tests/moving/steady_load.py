"""Clients that never stop asking over kept-alive connections, and note every request that wasn't answered 200."""

import http.client
import itertools
import threading
from collections.abc import Sequence
from types import TracebackType

CLIENTS = 4
SECONDS = 20.0


class SteadyLoad:
    """As wrk: a connection that the server said it closes is opened again, any other that ends is a failure."""

    def __init__(self, host: str, port: int, paths: Sequence[str]) -> None:
        self._place, self._paths = (host, port), paths
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.failures: list[str] = []
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
        # http.client opens a connection again by itself only after it was closed in order.
        for path in itertools.islice(itertools.cycle(self._paths), number, None):
            if self._stop.is_set():
                break
            try:
                connection.request("GET", path)
                reply = connection.getresponse()
                reply.read()
                failure = "" if reply.status == 200 else f"status {reply.status}"
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                failure = repr(error)
            with self._lock:
                self.answered += not failure
                if failure:
                    self.failures.append(failure)
        connection.close()
