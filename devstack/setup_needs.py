"""What set-up asks of the machine: each need, whether it is met, and the Debian package that meets it."""

import importlib.util
import os
import re
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.programs import find

OLDEST_JAVA = 17
VERSION_SECONDS = 30
MEMORY_GB = 4
DISK_GB = 3
# A machine sold with 4 GB shows a little less.
NEARLY = 0.9


@dataclass(frozen=True)
class Need:
    """One Debian package, and how to see that what it brings is there, from wherever it came."""

    package: str
    is_met: Callable[[], bool]


def has(*names: str) -> Callable[[], bool]:
    return lambda: all(find(name) for name in names)


def java_version(text: str) -> int:
    """Reads the major version out of what `java -version` says; 0 when it can't."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else 0


def has_java() -> bool:
    java = find("java")
    if java is None:
        return False
    done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False)
    return java_version(done.stderr + done.stdout) >= OLDEST_JAVA


def can_make_venv() -> bool:
    return importlib.util.find_spec("venv") is not None and importlib.util.find_spec("ensurepip") is not None


def has_python_headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").exists()


def has_mariadb_headers() -> bool:
    config = find("pkg-config")
    if config is None:
        return False
    names = ("libmariadb", "mysqlclient", "mariadb")
    return any(subprocess.run([config, "--exists", name], check=False).returncode == 0 for name in names)


NEEDS = (
    # 17 or newer: Debian 12 brings 17, Debian 13 brings 21.
    Need("default-jre-headless", has_java),
    Need("maven", has("mvn")),
    # The server without a service of its own.
    Need("mariadb-server-core", has("mariadbd", "mariadb-install-db")),
    Need("mariadb-client-core", has("mariadb")),
    Need("nginx", has("nginx")),
    Need("openssl", has("openssl")),
    Need("python3-venv", can_make_venv),
    Need("python3-dev", has_python_headers),
    Need("gcc", has("gcc")),
    Need("pkg-config", has("pkg-config")),
    Need("libmariadb-dev", has_mariadb_headers),
)


#: What looks at the pages, for the tests.
BROWSER_NEEDS = (Need("chromium", has("chromium")), Need("chromium-driver", has("chromedriver")))

#: Kafka's clock of a simulated day.
CLOCK_NEEDS = (Need("libfaketime", lambda: any(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))),)

#: A host that is booted in a container, for the tests of infra/; its wheels are built by Debian's own Python.
HOST_NEEDS = (
    Need("debootstrap", has("debootstrap")),
    Need("systemd-container", has("systemd-nspawn")),
    Need("openssh-client", has("ssh", "ssh-keygen")),
    Need("python3-venv", lambda: debians_python("import ensurepip, venv")),
    Need("python3-dev", lambda: debians_python(HEADER)),
)
HEADER = "import os, sysconfig, sys; sys.exit(not os.path.exists(sysconfig.get_path('include') + '/Python.h'))"
CGROUPS = Path("/sys/fs/cgroup")


def debians_python(code: str) -> bool:
    """Whether the distribution's own Python runs this to its end."""
    python = Path("/usr/bin/python3")
    return python.exists() and subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def can_have_hosts() -> bool:
    """Whether root runs this, on a Debian, with cgroups: without them no systemd boots."""
    has_cgroups = any(CGROUPS.glob("cgroup.procs")) or any(CGROUPS.glob("*/cgroup.procs"))
    return os.geteuid() == 0 and find("apt-get") is not None and has_cgroups


def missing_packages(needs: Sequence[Need] = NEEDS) -> list[str]:
    return [need.package for need in needs if not need.is_met()]


def memory_gb() -> float:
    """Returns the machine's memory in GB; 0 when it can't be read."""
    try:
        found = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    except OSError:
        return 0.0
    return int(found[1]) * 1024 / 1e9 if found else 0.0


def resources_line(memory: float, disk: float) -> str:
    """Says what a stack needs and what is here, before anything is downloaded."""
    line = f"Playlog needs {MEMORY_GB} GB of memory and {DISK_GB} GB of disk"
    line = f"{line}; here are {memory:.1f} GB, and {disk:.1f} GB free."
    wanted = (("memory", memory, MEMORY_GB), ("disk", disk, DISK_GB))
    short = [name for name, there, needed in wanted if there < needed * NEARLY]
    return f"{line} It may run out of {' and '.join(short)}." if short else line
