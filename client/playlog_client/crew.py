"""The threads that deliver batches, one connection each."""

import threading
from collections.abc import Callable, Iterator

from playlog_client.batch import Batch

#: After Ctrl-C, how long requests on their way may still get their replies.
PATIENCE_SECONDS = 5.0


class Crew:
    """Takes batches from one iterator and delivers them in several threads, each batch by one of them.

    The batches are made by whichever thread needs one: no more of them exist than there are threads.
    """

    def __init__(self, batches: Iterator[Batch], deliver: Callable[[Batch], None], stopped: threading.Event) -> None:
        self._batches, self._deliver, self._stopped = batches, deliver, stopped
        self._lock = threading.Lock()
        self._failure: BaseException | None = None

    def run(self, threads: int) -> None:
        """Returns when all is delivered or the send was stopped. Raises what failed in a thread."""
        # Daemons: one that hangs in reading a pipe doesn't keep the process alive.
        crew = [threading.Thread(target=self._work, name=f"sender-{n}", daemon=True) for n in range(threads)]
        for thread in crew:
            thread.start()
        try:
            for thread in crew:
                thread.join()
        except KeyboardInterrupt:
            self._stopped.set()
            for thread in crew:
                thread.join(PATIENCE_SECONDS)
            raise
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        try:
            while (batch := self._next()) is not None:
                self._deliver(batch)
        except BaseException as failure:  # noqa: BLE001  (handed to the thread that waits for us)
            self._failure = self._failure or failure
            self._stopped.set()

    def _next(self) -> Batch | None:
        with self._lock:
            return None if self._stopped.is_set() else next(self._batches, None)
