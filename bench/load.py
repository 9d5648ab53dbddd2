"""Sends requests over kept-alive connections as fast as they are answered, and checks every reply."""

import itertools
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"
READ_BYTES = 65_536
#: Longer than the app's reply deadline: a connection that is silent for so long has failed.
SILENCE_SECONDS = 20.0
CONNECT_SECONDS = 5.0


class LoadFailed(Exception):
    """A reply was wrong, or none came: the figures would mean nothing."""


@dataclass
class Measured:
    """What one run brought. `latencies` are the seconds of each request answered within the measured time."""

    seconds: float = 0.0
    acknowledged: int = 0
    latencies: list[float] = field(default_factory=list)

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(
            self.seconds + other.seconds, self.acknowledged + other.acknowledged, self.latencies + other.latencies
        )

    @property
    def requests_per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def milliseconds(self, share: float) -> float:
        """The latency that this share of the requests didn't exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000


class _Connection:
    """One kept-alive connection with one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, CONNECT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.number = self.socket.fileno()
        self.started = 0.0
        #: Head and body of the last reply.
        self.reply = (b"", b"")
        self._events = 0
        self._unsent = memoryview(b"")
        self._received = b""

    def send(self, poller: select.epoll, request: bytes) -> None:
        """Begins a request."""
        self.started = time.perf_counter()
        self._received = b""
        self._unsent = memoryview(request)
        self.send_more(poller)

    def send_more(self, poller: select.epoll) -> None:
        """Sends what the socket takes now."""
        with suppress(BlockingIOError):
            self._unsent = self._unsent[self.socket.send(self._unsent) :]
        events = select.EPOLLIN | select.EPOLLOUT if self._unsent else select.EPOLLIN
        # A call of the system less for each request: most are sent at once.
        if events != self._events:
            poller.modify(self.number, events)
            self._events = events

    def receive(self) -> bool:
        """Says whether the reply is complete. Raises LoadFailed when the connection was closed in it."""
        data = self.socket.recv(READ_BYTES)
        if not data:
            raise LoadFailed(f"a connection was closed in the middle of a reply: {self._received[:500]!r}")
        self._received += data
        head, end, body = self._received.partition(HEAD_END)
        if not end or len(body) < _length(head):
            return False
        self.reply = head, body
        return True


def _length(head: bytes) -> int:
    if head.startswith(b"HTTP/1.1 304 "):
        return 0  # It has no body, and need not say so.
    start = head.lower().index(b"content-length:") + len(b"content-length:")
    return int(head[start:].split(b"\r", 1)[0])


class Load:
    """A number of senders, each of which sends its next request when the last one is answered."""

    def __init__(
        self,
        address: tuple[str, int],
        connections: int,
        requests: Sequence[bytes],
        is_right: Callable[[bytes, bytes], bool],
    ) -> None:
        self._address, self._connections = address, connections
        self._requests, self._is_right = itertools.cycle(requests), is_right

    def run(self, warm_up_seconds: float, seconds: float) -> Measured:
        """Sends for so long; what was begun is waited for. Raises LoadFailed at the first reply that isn't right."""
        found = Measured(seconds)
        begin = time.perf_counter() + warm_up_seconds
        end = begin + seconds
        senders: dict[int, _Connection] = {}
        with select.epoll() as poller:
            try:
                for _ in range(self._connections):
                    sender = _Connection(self._address)
                    senders[sender.number] = sender
                    poller.register(sender.number, 0)
                    sender.send(poller, next(self._requests))
                while senders:
                    for sender in _ready(poller, senders):
                        now = time.perf_counter()
                        self._count(found, sender, begin <= now < end, now)
                        if now < end:
                            sender.send(poller, next(self._requests))
                        else:
                            poller.unregister(sender.number)
                            senders.pop(sender.number).socket.close()
            except OSError as error:
                raise LoadFailed(f"a connection failed: {error.strerror or error}") from None
            finally:
                for sender in senders.values():
                    sender.socket.close()
        return found

    def _count(self, found: Measured, sender: _Connection, is_measured: bool, now: float) -> None:
        head, body = sender.reply
        if not self._is_right(head, body):
            raise LoadFailed(f"a reply isn't the expected 200:\n{head.decode('latin-1')}\n\n{body[:1000]!r}")
        found.acknowledged += 1
        if is_measured:
            found.latencies.append(now - sender.started)


def _ready(poller: select.epoll, senders: Mapping[int, _Connection]) -> Iterator[_Connection]:
    """Those whose reply is complete; what others have to send or to receive goes on meanwhile."""
    events = poller.poll(SILENCE_SECONDS)
    if not events:
        raise LoadFailed(f"{len(senders)} requests had no reply within {SILENCE_SECONDS:.0f} s")
    for number, event in events:
        sender = senders[number]
        if not event & select.EPOLLIN:
            sender.send_more(poller)
        elif sender.receive():
            yield sender
