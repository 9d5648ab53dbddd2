"""Takes what nginx tells, lets it wait for a while, and counts what it drops: nginx itself never waits."""

import logging
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable

from common.clock import Clock
from moving.comparator.told import Told, Unreadable, read_told

logger = logging.getLogger(__name__)

RECEIVE_BYTES = 4 * 1024 * 1024
MOST_DATAGRAM = 65_535
#: What waited for longer is dropped: the catalogue went on meanwhile.
MOST_AGE_SECONDS = 60.0
POLL_SECONDS = 0.1
#: Linux counts the datagrams that a full socket has lost, and says so with each that comes (socket(7)).
SO_RXQ_OVFL = 40


class Waiting:
    """Requests that wait to be compared; may be used from several threads."""

    def __init__(self, most: int, clock: Clock) -> None:
        self._most, self._clock = most, clock
        self._changed = threading.Condition()
        self._first: deque[tuple[float, Told]] = deque()
        self._again: deque[tuple[float, Told]] = deque()
        self.dropped = 0

    def put(self, told: Told) -> bool:
        """False when there is no room."""
        with self._changed:
            if len(self._first) >= self._most:
                self.dropped += 1
                return False
            self._first.append((self._clock.monotonic(), told))
            self._changed.notify()
            return True

    def put_again(self, told: Told, seconds: float) -> None:
        """Once more after so long; there is room for it, for it had some before."""
        with self._changed:
            self._again.append((self._clock.monotonic() + seconds, told))

    def take(self, seconds: float) -> tuple[Told, bool] | None:
        """The next one, and whether it comes again; None when there is none for so long."""
        with self._changed:
            found = self._next()
            if found is None:
                self._changed.wait(seconds)
                found = self._next()
            return found

    def __len__(self) -> int:
        with self._changed:
            return len(self._first) + len(self._again)

    def _next(self) -> tuple[Told, bool] | None:
        now = self._clock.monotonic()
        if self._again and self._again[0][0] <= now:
            return self._again.popleft()[1], True
        while self._first:
            at, told = self._first.popleft()
            if now - at <= MOST_AGE_SECONDS:
                return told, False
            self.dropped += 1
        return None


class Inbox:
    """A socket and the thread that empties it."""

    def __init__(self, bind: tuple[str, int], take: Callable[[Told], None]) -> None:
        self._take = take
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
        self._socket.bind(bind)
        self._socket.settimeout(POLL_SECONDS)
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._stopping = threading.Event()
        self.told = 0
        #: By the socket, for this process was too slow.
        self.lost = 0
        self.unreadable = 0

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        space = socket.CMSG_SPACE(4)
        while not self._stopping.is_set():
            try:
                data, about, _, _ = self._socket.recvmsg(MOST_DATAGRAM, space)
            except TimeoutError:
                continue
            for level, kind, value in about:
                if (level, kind) == (socket.SOL_SOCKET, SO_RXQ_OVFL):
                    (self.lost,) = struct.unpack("I", value)
            self.told += 1
            try:
                told = read_told(data)
            except Unreadable as error:
                self.unreadable += 1
                logger.debug("a datagram can't be read: %(problem)s", facts := {"problem": str(error)}, extra=facts)
                continue
            try:
                self._take(told)
            except Exception:
                # One request that nobody foresaw ends no thread.
                logger.exception("a request that nginx told of can't be taken")
