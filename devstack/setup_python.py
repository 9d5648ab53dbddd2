"""Makes .venv with exactly the packages of the lock files, and `playlog` in its bin folder."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from devstack.setup_system import SetupStopped

LOCKS = ("requirements.lock", "requirements-dev.lock")
STAMP = "playlog-stamp"


def wanted_stamp(root: Path) -> str:
    """Sums up what the folder should hold: the locks, the project's own description, the Python, the place."""
    total = hashlib.sha256(f"{sys.version_info[:2]} {root}".encode())
    for name in (*LOCKS, "setup.py", "client/pyproject.toml"):
        total.update((root / name).read_bytes())
    return total.hexdigest()


def set_up_python(root: Path, say: Callable[[str], None]) -> None:
    """Does nothing when the stamp fits; else installs, and stamps last."""
    venv = root / ".venv"
    stamp = venv / STAMP
    wanted = wanted_stamp(root)
    if stamp.exists() and stamp.read_text() == wanted and (venv / "bin" / "playlog").exists():
        return
    say("installing the Python packages of requirements.lock into .venv")
    if not _fits(venv):
        shutil.rmtree(venv, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(venv)], root)
    stamp.unlink(missing_ok=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    locks = [argument for name in LOCKS for argument in ("-r", name)]
    _run([*pip, "--require-hashes", *locks], root)
    # Our own package: from this folder, with the setuptools that the lock brought, and no question to anybody.
    for place in (".", "client"):
        _run([*pip, "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--editable", f"./{place}"], root)
    stamp.write_text(wanted)


def _fits(venv: Path) -> bool:
    """Says whether the folder holds a Python of the version that runs us: another one's packages are no use."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    question = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
    done = subprocess.run([str(python), "-c", question], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == f"{sys.version_info[:2]} {venv}"


def _run(argv: list[str], root: Path) -> None:
    if subprocess.run(argv, cwd=root, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupStopped(
            "the Python packages can't be installed; the messages are above. Mend that and run this again."
        )
