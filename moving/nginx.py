"""One nginx as its follower handles it: tests a map, puts it in place, reloads, and asks which version is served."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import orjson

from moving.nginx_processes import taking_workers

INCLUDED = "moved.conf"
TEST_SECONDS = 20.0
ANSWER_SECONDS = 1.0
#: After a reload, until new workers answer.
TAKEN_SECONDS = 5.0
POLL_SECONDS = 0.01
#: nginx tells its old workers to stop 0.1 s after the new ones begin (ngx_master_process_cycle).
BOTH_SECONDS = 1.0
MOST_PROBLEM = 400


class Refused(Exception):
    """nginx doesn't take the map; the message is its own."""


class NginxHandle:
    """The files beside nginx.conf, the process by its pid file, and its private listener.

    `moved.conf` is what is included; the one before stays as `moved.conf.former`. A kill at any line leaves one whole
    file there, and the next `put` of the same map ends what was begun: what is served is asked of nginx itself.
    """

    def __init__(
        self,
        config: Path,
        prefix: Path,
        private: str,
        program: str,
        closing_seconds: float,
        taken_seconds: float = TAKEN_SECONDS,
        workers: Callable[[int], set[int] | None] = taking_workers,
    ) -> None:
        self._config, self._prefix, self._program, self._workers = config, prefix, program, workers
        # Before a reload each answer says that its connection closes: for so long.
        self._closing_seconds = closing_seconds
        self._url, self._taken_seconds = f"http://{private}/moves", taken_seconds
        #: While it is there, each answer closes its connection (nginx.conf).
        self._closing = prefix / "reload" / "closing"
        self._current = config.with_name(INCLUDED)

    def served(self) -> int | None:
        """The version that its workers have; None when it doesn't answer."""
        try:
            with urllib.request.urlopen(self._url, timeout=ANSWER_SECONDS) as reply:  # noqa: S310 - our own listener
                return int(orjson.loads(reply.read())["version"])
        except (OSError, urllib.error.URLError, ValueError, KeyError):
            return None

    def put(self, version: int, text: str) -> None:
        """Makes nginx serve the map. Raises Refused, and then the former one stays."""
        before = self._current.read_bytes() if self._current.exists() else None
        began = time.monotonic()
        try:
            self._closing.parent.mkdir(exist_ok=True)
            self._closing.touch()
            self._test(text)
            if before is not None and before != text.encode():
                _write(self._current.with_name(f"{INCLUDED}.former"), before)
            _write(self._current, text.encode())
            # nginx's test took a part of it.
            time.sleep(max(0.0, began + self._closing_seconds - time.monotonic()))
            self._serve(version, before)
        except OSError as error:
            raise Refused(f"the map can't be written: {error}") from None
        finally:
            self._closing.unlink(missing_ok=True)

    def _serve(self, version: int, before: bytes | None) -> None:
        """Reloads, and waits until no former workers take connections; without new ones the former map comes back."""
        master = self._master()
        former = self._workers(master)
        self._reload()
        began = time.monotonic()
        while not (self.served() == version and self._are_gone(master, former, began)):
            if time.monotonic() - began > self._taken_seconds:
                if before is not None:
                    _write(self._current, before)
                    self._reload()
                raise Refused(f"nginx didn't serve version {version} within {self._taken_seconds:.0f} s of a reload")
            time.sleep(POLL_SECONDS)

    def _are_gone(self, master: int, former: set[int] | None, began: float) -> bool:
        """Whether none of the former workers takes connections; by the clock, where the system can't say."""
        now = self._workers(master)
        if former is None or now is None:
            return time.monotonic() - began > BOTH_SECONDS
        return not former & now

    def _test(self, text: str) -> None:
        """`nginx -t` of the whole configuration with the new map, beside the one that is used."""
        candidate = self._current.with_name(f"{INCLUDED}.next")
        tried = self._config.with_name("nginx.next.conf")
        _write(candidate, text.encode())
        _write(
            tried,
            self._config.read_bytes().replace(f"include {INCLUDED};".encode(), f"include {candidate.name};".encode()),
        )
        argv = [self._program, "-p", f"{self._prefix}/", "-e", "stderr", "-c", str(tried), "-t", "-q"]
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=TEST_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Refused(f"nginx can't be asked to test it: {error}") from None
        if done.returncode:
            raise Refused(done.stderr.strip()[:MOST_PROBLEM] or f"nginx -t ended with status {done.returncode}")

    def _master(self) -> int:
        try:
            return int((self._prefix / "nginx.pid").read_text())
        except (OSError, ValueError) as error:
            raise Refused(f"nginx can't be reloaded: its pid isn't known: {error}") from None

    def _reload(self) -> None:
        try:
            os.kill(self._master(), signal.SIGHUP)
        except OSError as error:
            raise Refused(f"nginx can't be reloaded: {error}") from None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
