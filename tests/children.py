"""Finds the processes that a process has started."""

from pathlib import Path


def children_of(pid: int) -> list[int]:
    """The process ids of the direct children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything; state and parent come after it.
            _, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # It has ended meanwhile.
        if int(parent) == pid:
            found.append(int(stat.parent.name))
    return found
