"""Builds what a host installs: Playlog and all that it needs as wheels, pinned by requirements.lock, in one folder.

The hosts have no compiler and need no registry. mysqlclient is compiled here, so this machine has to be of their Debian
release, and its own Python builds.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "wheels"
#: Debian's own, which a host of the same release has too.
PYTHON = "/usr/bin/python3"
#: So many are kept, and whatever a run under way may still upload; each is 50 MB, and is made again in a moment.
ARCHIVES = 6
USED_SECONDS = 86_400


class NoWheels(Exception):
    """The wheels can't be built; the message says what to do."""


@dataclass(frozen=True)
class Release:
    """One build: its name, from the bytes of all its wheels, and the archive that holds them."""

    name: str
    #: None: it is on the hosts already.
    archive: Path | None


def build(say: Callable[[str], None] = lambda _: None) -> Release:
    """Builds what isn't built yet: the requirements once for each lock file, Playlog whenever its code has changed."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        requirements = _requirements(say)
        playlog = _playlog(say)
        return pack([*requirements, playlog])


def pack(wheels: list[Path], folder: Path = BUILD) -> Release:
    """The archive of these wheels; the same wheels have the same name, wherever they were built."""
    digest = hashlib.sha256()
    for wheel in sorted(wheels, key=lambda path: path.name):
        digest.update(f"{wheel.name} {hashlib.sha256(wheel.read_bytes()).hexdigest()}\n".encode())
    name = digest.hexdigest()[:12]
    archive = folder / f"{name}.tar"
    if not archive.exists():
        making = archive.with_suffix(".making")
        with tarfile.open(making, "w") as packed:
            for wheel in wheels:
                packed.add(wheel, wheel.name)
        making.replace(archive)
    archive.touch()
    for old in sorted(folder.glob("*.tar"), key=lambda path: path.stat().st_mtime)[:-ARCHIVES]:
        if old.stat().st_mtime < time.time() - USED_SECONDS:
            old.unlink()
    return Release(name, archive)


def _requirements(say: Callable[[str], None]) -> list[Path]:
    """The wheels of requirements.lock, each with the hash that stands there."""
    lock = ROOT / "requirements.lock"
    version = subprocess.run([PYTHON, "--version"], capture_output=True, text=True, check=False).stdout
    folder = BUILD / hashlib.sha256(lock.read_bytes() + version.encode()).hexdigest()[:12]
    if not folder.exists():
        say("building the wheels of requirements.lock: half a minute, once")
        making = folder.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        _pip("wheel", "--require-hashes", "--requirement", str(lock), "--wheel-dir", str(making))
        making.replace(folder)
    return sorted(folder.glob("*.whl"))


def _playlog(say: Callable[[str], None]) -> Path:
    """Playlog's own wheel, from the files that git knows or could add: no leftover of a build gets in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    files = sorted(path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    folder = BUILD / f"playlog-{digest.hexdigest()[:12]}"
    if not folder.exists():
        say("building Playlog's own wheel")
        with _copy_of(files) as source:
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(making), str(source))
            making.replace(folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@contextmanager
def _copy_of(files: list[Path]) -> Iterator[Path]:
    """The files on their own, for setuptools leaves its own beside them."""
    source = BUILD / f"source-{os.getpid()}"
    shutil.rmtree(source, ignore_errors=True)
    for path in files:
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    try:
        yield source
    finally:
        shutil.rmtree(source, ignore_errors=True)


def _pip(*arguments: str) -> None:
    venv = BUILD / "venv"
    if not (venv / "whole").exists():
        shutil.rmtree(venv, ignore_errors=True)
        _run(PYTHON, "-m", "venv", str(venv), failed="install the Debian packages python3-venv and python3-dev")
        _run(str(venv / "bin" / "pip"), "install", "-q", f"setuptools=={_pinned('setuptools')}", failed=PIP_FAILED)
        (venv / "whole").touch()
    _run(str(venv / "bin" / "pip"), "-q", "--disable-pip-version-check", *arguments, failed=PIP_FAILED)


PIP_FAILED = "mend that, then run this again"


def _pinned(name: str) -> str:
    """The version of a package in requirements-dev.lock."""
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith(f"{name}=="))


def _run(*argv: str, failed: str) -> None:
    # No variable of the virtual environment that runs this; and one moment for all files:
    # a wheel notes when they were written, and the same code is to give the same bytes.
    environ = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}}
    environ["SOURCE_DATE_EPOCH"] = "1700000000"
    done = subprocess.run(argv, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise NoWheels(f"{said}\n{Path(argv[0]).name} ended with status {done.returncode}: {failed}")
