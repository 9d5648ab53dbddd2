"""Chooses the loopback ports of a stack."""

import random
import socket

HOST = "127.0.0.1"

# Below the range from which Linux takes the near end of outgoing connections (32768 and up): a port chosen
# there can be gone before our server listens on it.
LOWEST_PORT = 20_000
HIGHEST_PORT = 32_000
MAX_TRIES = 200


class NoFreePort(Exception):
    """Not one of the ports tried could be listened on."""


def is_free(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Says whether a server could listen on this port now; of SOCK_DGRAM, for datagrams."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # As the servers do: connections of an earlier run that still linger don't make a port taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class Ports:
    """Gives every asker a port of its own that nobody listens on."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def take(self, preferred: int | None = None, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
        """Returns the preferred port if it can be had, else one chosen at random."""
        if preferred is not None and preferred not in self._given and is_free(preferred, kind):
            self._given.add(preferred)
            return preferred
        for _ in range(MAX_TRIES):
            port = random.randint(LOWEST_PORT, HIGHEST_PORT)
            if port not in self._given and is_free(port, kind):
                self._given.add(port)
                return port
        raise NoFreePort(f"no free port on {HOST} between {LOWEST_PORT} and {HIGHEST_PORT}: stop what listens there")
