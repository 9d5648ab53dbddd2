"""The stand-in of the legacy API as a part of the stack: gunicorn with one process, for its faults are one switch."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.ports import HOST, Ports
from devstack.service import REPOSITORY, Service, answers, child_environ

THREADS = "16"


class Standin(Service):
    """Ready when it answers; it reads the data centre's tables as an operator's word does."""

    def __init__(self, home: Path, ports: Ports, settings: Callable[[], Mapping[str, str]], port: int | None) -> None:
        super().__init__("legacy", "standin", home, ports, settings, port)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def is_ready(self) -> bool:
        return answers(f"{self.url}/standin")

    def _launch_process(self) -> None:
        # The app's own settings, which gunicorn would find in this folder, are none of its.
        argv = [sys.executable, "-m", "gunicorn", "--config", os.devnull, "--bind", self.address]
        argv += ["--worker-class", "gthread", "--threads", THREADS, "--keep-alive", "75", "--no-control-socket"]
        self.child.launch([*argv, "standin.application:build()"], child_environ(self._settings()), REPOSITORY)
