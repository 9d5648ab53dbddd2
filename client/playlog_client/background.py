"""The thread of a sender that was started: it works whenever it is time, until it is ended."""

import threading
from collections.abc import Callable


class Background:
    """Calls `work` every so many seconds, and when it is woken.

    `work` says whether there is a problem, after which it rests for `pause` seconds, and never raises.
    """

    def __init__(self, work: Callable[[], bool], every: float, pause: float) -> None:
        self._work, self._every, self._pause = work, every, pause
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        #: Set when it was told to end.
        self.ended = threading.Event()

    @property
    def is_started(self) -> bool:
        """Whether there is a thread."""
        return self._thread is not None

    def start(self) -> None:
        """Starts the thread; a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="playlog-sender", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """There is something to do now."""
        self._woken.set()

    def join(self) -> None:
        """Returns when the thread, which was told to end, has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self.ended.is_set():
            self._woken.wait(self._every)
            self._woken.clear()
            if not self.ended.is_set() and self._work():
                self.ended.wait(self._pause)
