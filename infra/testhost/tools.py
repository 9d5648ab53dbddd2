"""Whether a test host can be had here, and if not, why."""

import os
import subprocess
import tempfile
from pathlib import Path

from devstack.setup_needs import HOST_NEEDS, missing_packages
from infra.testhost.base import CannotMake, release_here

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
CGROUPS = Path("/sys/fs/cgroup")


def why_not() -> str | None:
    """A sentence that says what is missing, first what can't be had at all; None when all is there."""
    try:
        release_here()
    except CannotMake as error:
        return str(error)
    if os.geteuid() != 0:
        return "a test host is booted in a container, which root alone may do: run this as root"
    cannot = _why_no_cgroup() or _why_not_mounted()
    if cannot:
        return cannot
    missing = missing_packages(HOST_NEEDS)
    if missing:
        return f"a test host needs {', '.join(missing)}: apt-get install --no-install-recommends {' '.join(missing)}"
    return None


def _why_no_cgroup() -> str | None:
    """Whether a cgroup can be made, in which a host's systemd orders its processes."""
    roots = [
        folder for folder in (CGROUPS / "systemd", CGROUPS / "unified", CGROUPS) if (folder / "cgroup.procs").exists()
    ]
    if not roots:
        return f"a test host's systemd needs cgroups, and none are mounted at {CGROUPS}"
    probe = roots[0] / f"playlog-probe-{os.getpid()}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        return f"a test host's systemd needs cgroups, and this root may make none in {roots[0]}: {error.strerror}"
    return None


def _why_not_mounted() -> str | None:
    """Whether this root may mount at all, which in many a container it may not."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, text=True, env={"PATH": PATH}, check=False
        )
        if done.returncode:
            return f"a test host lies on mounts, and this root may not mount: {done.stderr.strip()}"
        subprocess.run(["umount", folder], env={"PATH": PATH}, check=True)
    return None
