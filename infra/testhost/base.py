"""Makes the folder that every test host is laid over: a bare Debian, as a provider hands it over, made once.

It is of the same release as this machine, for the wheels are built here. Its zone is deliberately not UTC, and the
packages that the promises ask for lie in apt's cache, so that a host is converged without a network.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CACHE = Path("/var/cache/playlog-testhost")
#: What a provider's image has beside Debian's minimum: something that boots, and a way in.
DELIVERED = ("systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "iproute2", "ca-certificates", "tzdata")
#: What the tests need inside: a clock that can be wound for one service.
OF_THE_TESTS = ("faketime",)
WRONG_ZONE = "Europe/London"
MIRROR = re.compile(r"https?://[^\s]+/debian/?(?=\s|$)")
APT = Path("/etc/apt")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class CannotMake(Exception):
    """A test host can't be had here; the message says why, and what to do."""


def release_here(os_release: Path = Path("/etc/os-release")) -> str:
    """The name of this machine's Debian release; raises CannotMake on anything else."""
    try:
        found = dict(line.split("=", 1) for line in os_release.read_text().splitlines() if "=" in line)
    except OSError:
        found = {}
    if found.get("ID") != "debian" or "VERSION_CODENAME" not in found:
        name = found.get("PRETTY_NAME", "an unknown system").strip('"')
        raise CannotMake(f"a test host is a Debian of this machine's own release, and this is {name}")
    return found["VERSION_CODENAME"].strip('"')


def make_base(packages: Sequence[str], say: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of the base; made when there is none for these packages, which takes a minute. Raises CannotMake."""
    release = release_here()
    sources = apt_sources()
    wanted = "\n".join([release, WRONG_ZONE, *DELIVERED, *OF_THE_TESTS, *packages, *sources.values(), own_text()])
    base = CACHE / f"{release}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    with lock(CACHE):
        if not base.with_name(f"{base.name}.whole").exists():
            say(f"making the base of the test hosts, {base.name}: about a minute, once")
            remove_others(base)
            make(base, release, sources, packages)
            base.with_name(f"{base.name}.whole").touch()
    return base


def own_text() -> str:
    """This file: a base made by another version of it is made again."""
    return Path(__file__).read_text()


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Only one process makes a base; others wait, and find it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def remove_others(base: Path) -> None:
    """Removes what an earlier version, or a making that was cut off, has left, but for what a host lies on."""
    mounted = Path("/proc/mounts").read_text()
    for path in base.parent.iterdir():
        if path.is_dir() and str(path) not in mounted:
            path.with_name(f"{path.name}.whole").unlink(missing_ok=True)
            shutil.rmtree(path, ignore_errors=True)


def apt_sources() -> dict[str, str]:
    """This machine's own Debian sources and apt's settings, by their path below /etc/apt."""
    lists = [APT / "sources.list", *sorted((APT / "sources.list.d").glob("*"))]
    found = [path for path in lists if path.is_file() and path.suffix in {".list", ".sources"}]
    debian = [path for path in found if MIRROR.search(path.read_text(errors="replace"))]
    # docker-clean and its like empty the cache that the hosts are to install from.
    kept = [path for path in sorted((APT / "apt.conf.d").glob("*")) if not path.name.startswith("docker")]
    of_apt = [*debian, *(path for path in kept if path.is_file()), *sorted((APT / "auth.conf.d").glob("*"))]
    return {str(path.relative_to(APT)): path.read_text(errors="replace") for path in of_apt}


def make(base: Path, release: str, sources: dict[str, str], packages: Sequence[str]) -> None:
    """Makes the base from nothing. Raises CannotMake with what the program said."""
    mirrors = MIRROR.findall("\n".join(sources.values()))
    include = ",".join((*DELIVERED, *OF_THE_TESTS))
    run("debootstrap", "--variant=minbase", f"--include={include}", release, str(base), *mirrors[:1])
    for name, text in sources.items():
        path = base / "etc" / "apt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(CERTIFICATES, base / CERTIFICATES.relative_to("/"))
    shutil.copy("/etc/resolv.conf", base / "etc" / "resolv.conf")
    inside = ("chroot", str(base), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")
    run(*inside, "update")
    run(*inside, "install", "-y", "--download-only", "--no-install-recommends", *packages)
    (base / "etc" / "localtime").unlink(missing_ok=True)
    (base / "etc" / "localtime").symlink_to(f"/usr/share/zoneinfo/{WRONG_ZONE}")
    (base / "etc" / "timezone").write_text(f"{WRONG_ZONE}\n")
    for key in (base / "etc" / "ssh").glob("ssh_host_*"):
        key.unlink()


def run(*argv: str) -> None:
    """Runs a program; raises CannotMake with the end of what it said."""
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    done = subprocess.run(argv, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise CannotMake(f"{argv[0]} ended with status {done.returncode}:\n{said}")
