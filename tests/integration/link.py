"""A link that tests cut: a relay in front of servers, which can fall silent, and shows what goes through it."""

import contextlib
import socket
import threading
from collections.abc import Callable

from devstack.ports import HOST

BUFFER_BYTES = 65_536

#: Sees what a client sent (True) or a server (False), and returns what goes on; None breaks the connection.
Tap = Callable[[bytes, bool], bytes | None]


def pass_on(data: bytes, _: bool) -> bytes:
    """The tap that only looks on."""
    return data


class Link:
    """Any number of doors to servers, cut and mended together.

    Cut, it swallows what either side sends and closes nothing, as a router that has lost its memory does: connections
    of before and those made meanwhile never carry a byte again, also once it is mended. New ones do then.
    """

    def __init__(self, tap: Tap = pass_on) -> None:
        self.tap = tap
        self._is_cut = threading.Event()
        self._generation = 0
        self._listeners: list[socket.socket] = []
        self._sockets: list[socket.socket] = []

    def door_to(self, port: int, host: str = HOST) -> int:
        """Opens a door at `host` to the server at `port`; returns the door's own."""
        listener = socket.create_server((host, 0))
        self._listeners.append(listener)
        threading.Thread(target=self._accept, args=(listener, port), daemon=True).start()
        return int(listener.getsockname()[1])

    def cut(self) -> None:
        """From now on nothing comes through, and nobody is told."""
        self._generation += 1
        self._is_cut.set()

    def mend(self) -> None:
        """New connections work again."""
        self._generation += 1
        self._is_cut.clear()

    def close(self) -> None:
        for each in (*self._listeners, *self._sockets):
            with contextlib.suppress(OSError):
                each.close()

    def _accept(self, listener: socket.socket, port: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                self._sockets.append(near)
                if self._is_cut.is_set():
                    continue
                try:
                    far = socket.create_connection((HOST, port))
                except OSError:
                    _end(near)
                    continue
                self._sockets.append(far)
                born = self._generation
                for source, sink, is_client in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._copy, args=(source, sink, is_client, born), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket, is_client: bool, born: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(BUFFER_BYTES):
                passed = self.tap(data, is_client)
                if born != self._generation:
                    self._swallow(source)
                    return
                if passed is None:
                    _end(source)
                    _end(sink)
                    return
                sink.sendall(passed)
        if born == self._generation:
            _end(source)
            _end(sink)

    def _swallow(self, source: socket.socket) -> None:
        while source.recv(BUFFER_BYTES):
            pass


def _end(connection: socket.socket) -> None:
    """Both sides hear of it at once, also while another thread waits for what this one brings."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
