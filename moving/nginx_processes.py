"""Which of nginx's workers take connections, as Linux shows them: one that was told to stop says so in its title."""

from pathlib import Path

#: The title of a worker (ngx_worker_process_cycle), of one that was told to stop as well.
WORKER, STOPPING = b"nginx: worker process", b"shutting down"


def taking_workers(master: int) -> set[int] | None:
    """The pids of the workers that take connections; None where the system doesn't say which children a process has."""
    try:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    except OSError:
        return None
    return {int(pid) for pid in children if _takes(pid)}


def _takes(pid: str) -> bool:
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return title.startswith(WORKER) and STOPPING not in title
