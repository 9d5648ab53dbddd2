"""What memory each process of a stack takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devstack.process import Child

#: Behind the process's name in /proc/PID/stat: state, parent, group, session.
SESSION = 3


@dataclass(frozen=True)
class Memory:
    """In MB of 1,000,000 bytes: resident now, of it shared with nobody, and the most it ever was."""

    name: str
    now_mb: float
    own_mb: float
    peak_mb: float


def memory_of(children: Iterable[Child]) -> list[Memory]:
    """Every process of these parts: each part has a session of its own, and its first process is named plainly."""
    names = {child.pid: child.name for child in children if child.is_running()}
    return [found for pid in sorted(_pids()) for found in _seen(pid, names)]


def peak_mb(pid: int) -> float:
    """The most memory that a running process ever had resident."""
    return _status(pid)["VmHWM"]


def _pids() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]


def _seen(pid: int, names: dict[int, str]) -> Iterator[Memory]:
    folder = Path("/proc", str(pid))
    try:
        session = int((folder / "stat").read_text().rpartition(")")[2].split()[SESSION])
        if session in names:
            name = names[session] if pid == session else f"{names[session]}, process {pid}"
            facts = _status(pid)
            yield Memory(name, facts["VmRSS"], _own_mb(folder), facts["VmHWM"])
    except (OSError, KeyError):
        return  # It ended meanwhile.


def _status(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = (line.split() for line in lines if line.endswith(" kB"))
    return {words[0].rstrip(":"): int(words[1]) * 1024 / 1e6 for words in sizes}


def _own_mb(folder: Path) -> float:
    lines = (folder / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024 / 1e6
