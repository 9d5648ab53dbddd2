"""A comparator that takes 5 s for each request that nginx tells it of: it reads one datagram, and sleeps."""

import socket
import threading
from types import TracebackType

from devstack.ports import HOST

SECONDS = 5.0
MOST_BYTES = 65_535


class SlowComparator:
    """Stands where the real one stood, in this process."""

    def __init__(self, port: int) -> None:
        self._place = (HOST, port)
        self._stop = threading.Event()

    def __enter__(self) -> "SlowComparator":
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(self._place)
        self._socket.settimeout(0.1)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        while not self._stop.is_set():
            try:
                self._socket.recv(MOST_BYTES)
            except TimeoutError:
                continue
            self._stop.wait(SECONDS)
