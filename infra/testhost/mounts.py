"""What a test host stands on: memory laid over the base, and a cgroup of its own."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.testhost.base import CannotMake

CGROUPS = Path("/sys/fs/cgroup")
SIZE = "2g"


def mount_over(layers: Sequence[Path], home: Path) -> None:
    """Mounts the layers, the lowest first, at home/root; what is written there goes to memory until unmount()."""
    home.mkdir(parents=True, exist_ok=True)
    # On a file system of its own: an overlay can't lie on another overlay, which many machines' root is.
    _mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "playlog-testhost", str(home))
    try:
        for name in ("upper", "work", "root"):
            (home / name).mkdir()
        below = ":".join(str(layer) for layer in reversed(layers))
        options = f"lowerdir={below},upperdir={home / 'upper'},workdir={home / 'work'}"
        _mount("-t", "overlay", "-o", options, "overlay", str(home / "root"))
    except BaseException:
        unmount(home / "root", home)
        raise


def unmount(*folders: Path) -> None:
    """Takes mounts away, in this order, also when something inside is still open."""
    for folder in folders:
        while os.path.ismount(folder):
            if subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False).returncode:
                return


def own_cgroup(name: str) -> None:
    """Moves this process into a cgroup of its own, in each hierarchy by which systemd orders processes."""
    for root in _hierarchies():
        folder = root / f"playlog-{name}"
        folder.mkdir(exist_ok=True)
        (folder / "cgroup.procs").write_text(str(os.getpid()))


def leave_cgroup(name: str) -> None:
    """Removes the host's cgroups, the innermost first; one that is in use stays."""
    for root in _hierarchies():
        top = root / f"playlog-{name}"
        for folder in sorted([top, *(path for path in top.rglob("*") if path.is_dir())], reverse=True):
            try:
                folder.rmdir()
            except OSError:
                continue


def _hierarchies() -> list[Path]:
    found = [root for root in (CGROUPS / "systemd", CGROUPS / "unified") if (root / "cgroup.procs").exists()]
    return found or [CGROUPS]


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMake(f"mount failed: {done.stderr.strip()}")
