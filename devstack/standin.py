"""The stand-in of the legacy API as a part of the stack: gunicorn with one process, for its faults are one switch."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, answers, child_environ
from devstack.waiting import wait_or_choose_again, wait_until_ready

READY_SECONDS = 30.0
THREADS = 16


class Standin:
    """Ready when it answers; it reads the data centre's tables as an operator's word does."""

    def __init__(self, home: Path, ports: Ports, settings: Callable[[], Mapping[str, str]], port: int | None) -> None:
        self.child = Child("legacy", home)
        self.port = 0
        self._ports, self._settings, self._preferred = ports, settings, port

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def launch(self) -> None:
        """Starts the process on a port of its own, without waiting for it."""
        self.port = self._ports.take(self._preferred)
        self._launch_process()

    def wait(self) -> None:
        """Waits for readiness; a port that somebody took meanwhile is chosen again."""
        wait_or_choose_again(self)

    def wait_once(self) -> None:
        wait_until_ready(self.child, lambda: answers(f"{self.url}/standin"), READY_SECONDS)

    def listens_on(self) -> tuple[int, ...]:
        return (self.port,)

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()

    def restart(self) -> None:
        """Starts the process again on its port."""
        self._launch_process()
        self.wait_once()

    def _launch_process(self) -> None:
        # The app's own settings, which gunicorn would find in this folder, are none of its.
        argv = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            os.devnull,
            "--bind",
            self.address,
            "--worker-class",
            "gthread",
            "--threads",
        ]
        argv += [str(THREADS), "--keep-alive", "75", "--no-control-socket", "standin.application:build()"]
        self.child.launch(argv, child_environ(self._settings()), REPOSITORY)
