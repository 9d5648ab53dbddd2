"""Runs the built images: by docker, or by buildah where no engine answers."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.children import children_of

ENTRY = {"app": "/srv/playlog/entrypoint.sh", "nginx": "/srv/playlog/nginx.sh"}

#: buildah's own pipe belongs to root, and nginx opens /dev/stdout again as the image's user; an engine's is the user's.
OWN_PIPE = ("bash", "-c", 'exec "$@" > >(exec cat)', "own-pipe")


class Engine(Protocol):
    """Starts containers in the host's network, as the images' own user."""

    def command(
        self, image: str, environ: Mapping[str, str], folders: Sequence[Path], argv: Sequence[str]
    ) -> list[str]:
        """The command of a process in an image, which sees `folders` at their own paths, read-only."""

    def process_of(self, pid: int) -> int:
        """Whom to send a signal that is meant for the process in the container which that command started."""

    def size_mb(self, image: str) -> float:
        """What an image takes, unpacked."""

    def close(self) -> None:
        """Removes what was made for running."""


class Docker:
    """A docker engine."""

    def command(
        self, image: str, environ: Mapping[str, str], folders: Sequence[Path], argv: Sequence[str]
    ) -> list[str]:
        given = [word for name, value in environ.items() for word in ("--env", f"{name}={value}")]
        mounted = [word for folder in folders for word in ("--volume", f"{folder}:{folder}:ro")]
        start = ["docker", "run", "--rm", "--init", "--network", "host", "--entrypoint", argv[0]]
        return [*start, *given, *mounted, f"playlog-{image}:latest", *argv[1:]]

    def process_of(self, pid: int) -> int:
        return pid  # The client passes signals on.

    def size_mb(self, image: str) -> float:
        argv = ["docker", "image", "inspect", "--format", "{{.Size}}", f"playlog-{image}:latest"]
        return int(_output(argv)) / 1e6

    def close(self) -> None:
        pass


class Buildah:
    """buildah run, which needs no engine; BUILDAH_ISOLATION and STORAGE_DRIVER are taken from the environment."""

    def __init__(self) -> None:
        self._containers: dict[str, str] = {}

    def command(
        self, image: str, environ: Mapping[str, str], folders: Sequence[Path], argv: Sequence[str]
    ) -> list[str]:
        given = [word for name, value in environ.items() for word in ("--env", f"{name}={value}")]
        mounted = [word for folder in folders for word in ("--volume", f"{folder}:{folder}:ro")]
        container = self._container(image)
        return ["buildah", "run", "--user", "playlog", *given, *mounted, container, "--", *OWN_PIPE, *argv]

    def process_of(self, pid: int) -> int:
        # buildah keeps signals to itself: the first process below that isn't buildah's own.
        while "buildah" in (Path("/proc") / str(pid) / "exe").readlink().name:
            (pid,) = children_of(pid)
        return pid

    def size_mb(self, image: str) -> float:
        root = Path(_output(["buildah", "mount", self._container(image)]))
        taken = _output(["du", "--summarize", "--block-size=1000", "--one-file-system", str(root)])
        return int(taken.split()[0]) / 1000

    def close(self) -> None:
        for name in self._containers.values():
            subprocess.run(["buildah", "rm", name], capture_output=True, check=False)

    def _container(self, image: str) -> str:
        if image not in self._containers:
            self._containers[image] = _output(["buildah", "from", "--pull-never", f"playlog-{image}:latest"])
        return self._containers[image]


def engine() -> Engine:
    """Docker where it answers, else buildah."""
    try:
        answers = subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        answers = False
    return Docker() if answers else Buildah()


def _output(argv: Sequence[str]) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
