"""One of our own words as a process of the stack: started with its settings, ready when it says so."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.waiting import wait_or_choose_again, wait_until_ready

REPOSITORY = Path(__file__).resolve().parent.parent
READY_SECONDS = 45.0
ANSWER_SECONDS = 2.0
OK = 200
# Settings of another stack, sourced into the shell that started us, must not reach this one's processes.
FOREIGN_NAME = "PLAYLOG_SETTINGS_DIR"


def word_command(word: str, *arguments: str) -> list[str]:
    """The command of a word, by the Python that runs us: the same .venv, whatever PATH says."""
    return [sys.executable, "-m", "commands", word, *arguments]


def child_environ(settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != FOREIGN_NAME}
    return inherited | dict(settings)


def answers(url: str) -> bool:
    """Says whether a GET of this URL is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as reply:  # noqa: S310 - always our own loopback
            return int(reply.status) == OK
    except (OSError, urllib.error.URLError, ValueError):
        return False


class Service:
    """A word that runs until it is stopped, and says on a port of its own whether it is ready."""

    def __init__(
        self,
        name: str,
        word: str,
        home: Path,
        ports: Ports,
        settings: Callable[[], Mapping[str, str]],
        port: int | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        self.child = Child(name, home)
        self.port = 0
        self._word, self._arguments = word, tuple(arguments)
        self._ports = ports
        self._settings = settings
        self._preferred = port

    def launch(self) -> None:
        """Starts the process on a port of its own, without waiting for it."""
        self.port = self._ports.take(self._preferred)
        self._launch_process()

    def wait(self) -> None:
        """Waits for readiness; a port that somebody took meanwhile is chosen again."""
        wait_or_choose_again(self)

    def wait_once(self) -> None:
        wait_until_ready(self.child, self.is_ready, READY_SECONDS)

    def listens_on(self) -> tuple[int, ...]:
        return (self.port,)

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> int | None:
        return self.child.stop()

    def kill(self) -> None:
        self.child.kill()

    def restart(self) -> None:
        """Starts the process again on its port."""
        self._launch_process()
        self.wait_once()

    def is_ready(self) -> bool:
        return answers(f"http://{HOST}:{self.port}/ready")

    def _launch_process(self) -> None:
        self.child.launch(word_command(self._word, *self._arguments), child_environ(self._settings()), REPOSITORY)
