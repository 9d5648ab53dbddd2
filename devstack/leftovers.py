"""Finds what an earlier run of the same stack left running, and stops only that."""

import json
import logging
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

GRACE_SECONDS = 15.0
PAUSE_SECONDS = 0.05

# Field 22 of /proc/PID/stat, counted after the command's name (which may hold blanks itself).
STATE_FIELD = 0
START_TIME_FIELD = 19


@dataclass(frozen=True)
class PidRecord:
    """What we wrote down about a process when we started it."""

    pid: int
    start_time: int
    home: str

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)))


@dataclass(frozen=True)
class Seen:
    """What the kernel says about the process that has this number now."""

    start_time: int
    command: str
    environ: str


def see(pid: int) -> Seen | None:
    """Looks a process up; one that is gone, or only waits to be reaped, is None."""
    folder = Path("/proc") / str(pid)
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        if fields[STATE_FIELD] in ("Z", "X"):
            return None
        command = (folder / "cmdline").read_bytes()
        environ = (folder / "environ").read_bytes()
    except (OSError, IndexError):
        return None
    return Seen(int(fields[START_TIME_FIELD]), command.decode(errors="replace"), environ.decode(errors="replace"))


def is_ours(record: PidRecord, seen: Seen | None, home: Path) -> bool:
    """Decides whether the process is the one we started, with our folder, and not a later bearer of its number."""
    if seen is None or record.home != str(home) or record.start_time != seen.start_time:
        return False
    return str(home) in seen.command or str(home) in seen.environ


def read_records(folder: Path) -> Iterator[tuple[Path, PidRecord]]:
    """Yields the pid files of a folder that can be read."""
    for path in sorted(folder.glob("*.pid")):
        try:
            yield path, PidRecord(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            logger.warning("no pid record in %(path)s", {"path": str(path)}, extra={"path": str(path)})


def stop_leftovers(folder: Path, home: Path) -> list[str]:
    """Stops the processes that an earlier run left behind; returns their names."""
    stopped = []
    for path, record in read_records(folder):
        if is_ours(record, see(record.pid), home):
            stop_group(record)
            stopped.append(path.stem)
        path.unlink(missing_ok=True)
    return stopped


def stop_group(record: PidRecord) -> None:
    """Ends a process and its children: politely first, for a database that wants to write its pages."""
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        try:
            os.killpg(record.pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = see(record.pid)
            if seen is None or seen.start_time != record.start_time:
                return
            time.sleep(PAUSE_SECONDS)
