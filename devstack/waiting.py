"""Waits for servers to be ready, notices their death meanwhile, and gives new ports to one that lost its own."""

import time
from collections.abc import Callable
from typing import Protocol

from devstack.ports import is_free
from devstack.process import Child, ProcessFailed

POLL_SECONDS = 0.05
PORT_TRIES = 3


def wait_until_ready(child: Child, is_ready: Callable[[], bool], seconds: float) -> None:
    """Returns when the child is ready; raises ProcessFailed when it ended or took too long."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if not child.is_running():
            raise child.failure(f"ended with status {child.status()} while starting")
        if time.monotonic() > deadline:
            raise child.failure(f"not ready after {seconds:.0f} s")
        time.sleep(POLL_SECONDS)


class Listener(Protocol):
    """A server that chooses its ports when it is launched."""

    def launch(self) -> None: ...
    def wait_once(self) -> None: ...
    def kill(self) -> None: ...
    def listens_on(self) -> tuple[int, ...]: ...


def wait_or_choose_again(server: Listener) -> None:
    """Waits for a launched server; when somebody took a port of it meanwhile, launches it on others."""
    for tries_left in reversed(range(PORT_TRIES)):
        try:
            server.wait_once()
        except ProcessFailed:
            server.kill()
            if tries_left == 0 or all(is_free(port) for port in server.listens_on()):
                raise
            server.launch()
        else:
            return
