"""One child process of a stack: its log, its pid file, its end."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack.leftovers import PidRecord, see

# Names the stack in the environment of each child, so that the next start knows its own.
HOME_NAME = "PLAYLOG_STACK_HOME"
MAX_LOG_BYTES = 20 * 1024 * 1024
TAIL_LINES = 15
STOP_SECONDS = 20.0


class ProcessFailed(Exception):
    """A part of the stack didn't start, or ended by itself."""


class Child:
    """A process that dies with us, writes to a log of its own, and can be found again by the next start.

    The kernel sends the signal when the *thread* that launched the child ends: launch from a thread that stays.
    """

    def __init__(self, name: str, home: Path) -> None:
        self.name = name
        self.home = home
        self.log_path = home / "log" / f"{name}.log"
        self.pid_path = home / "run" / f"{name}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._is_wanted = False

    @property
    def died(self) -> bool:
        """Says whether the process ended without being stopped or killed by us."""
        return self._is_wanted and not self.is_running()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessFailed(f"{self.name} was never started")
        return self._process.pid

    def launch(self, argv: Sequence[str], environ: Mapping[str, str], folder: Path | None = None) -> None:
        """Starts the process and returns at once."""
        if self.is_running():
            raise ProcessFailed(f"{self.name} runs already, as process {self.pid}")
        self._rotate_log()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                # setpriv and not preexec_fn: running Python between fork and exec isn't safe beside threads.
                ["setpriv", "--pdeathsig", "TERM", "--", *argv],
                env={**environ, HOME_NAME: str(self.home)},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
                start_new_session=True,
            )
        self._is_wanted = True
        seen = see(self._process.pid)
        if seen is not None:
            PidRecord(self._process.pid, seen.start_time, str(self.home)).save(self.pid_path)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def status(self) -> int | None:
        """Returns the exit status, or None while the process runs."""
        return None if self._process is None else self._process.poll()

    def wait(self, seconds: float) -> int:
        """Waits for the process to end by itself; returns its exit status."""
        if self._process is None:
            raise ProcessFailed(f"{self.name} was never started")
        return self._process.wait(seconds)

    def ask_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Sends the signal and returns at once, so that several can end side by side."""
        if self._process is not None and self._process.poll() is None:
            self._is_wanted = False
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(number)

    def stop(self, seconds: float = STOP_SECONDS, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Asks the process to end; after the given time ends it and its children. Returns the exit status."""
        if self._process is None:
            return None
        self.ask_to_stop(number)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self.pid_path.unlink(missing_ok=True)
        return self._process.returncode

    def kill(self) -> None:
        """Ends the process and its children as a power cut would."""
        if self._process is None:
            return
        self._is_wanted = False
        self._signal_group(signal.SIGKILL)
        self._process.wait()
        self.pid_path.unlink(missing_ok=True)

    def hang_up(self) -> None:
        """Sends SIGHUP to the process alone: a reload, for one that knows it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGHUP)

    def pause(self) -> None:
        """Stops the process from doing anything, its connections left open: a server that hangs."""
        self._signal_group(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_group(signal.SIGCONT)

    def log_tail(self) -> str:
        """Returns the last lines of the log, for an error message."""
        try:
            lines = self.log_path.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-TAIL_LINES:])

    def failure(self, what: str) -> ProcessFailed:
        """Makes the error that names the part, its log and the log's end."""
        return ProcessFailed(f"{self.name}: {what}; its log is {self.log_path}, and ends with:\n{self.log_tail()}")

    def _signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def _rotate_log(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > MAX_LOG_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
