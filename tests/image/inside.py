"""The unit tests of the rooms that are in the app's image, run by its Python, on its libraries and its code.

Only the tests themselves, and what they need beside the image's own libraries, come from the clone.
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.image.engine import Engine

ROOT = Path(__file__).parents[2]
HOME = "/srv/playlog"
#: The other tests are of the clone, and of tools that aren't in the image.
ROOMS = ("app", "catalogue", "commands", "common", "consumer", "listeners", "migrations", "moving", "reports")
#: What tests import that the image doesn't have; it is all Python.
BORROWED = ("hypothesis",)


def run_unit_tests(runs: Engine) -> int:
    """Runs them in a container; the exit status."""
    with tempfile.TemporaryDirectory(prefix="playlog-borrowed-") as folder:
        borrowed = Path(folder)
        for name in BORROWED:
            borrow(name, borrowed)
        for name in ("tests", "devstack"):
            shutil.copytree(ROOT / name, borrowed / name)
        shutil.copy(ROOT / "nginx.conf", borrowed)
        (borrowed / "deploy").mkdir()
        shutil.copy(ROOT / "deploy" / "unmoved.conf", borrowed / "deploy")
        for path in [borrowed, *borrowed.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        # Tests that look at the code's own files find the image's.
        for name in (*ROOMS, "gunicorn.conf.py"):
            (borrowed / name).symlink_to(f"{HOME}/{name}")
        environ = {"PYTHONPATH": f"{HOME}:{borrowed}", "HYPOTHESIS_STORAGE_DIRECTORY": "/tmp/hypothesis"}
        argv = ["/opt/playlog/bin/python3", "-W", "error", "-m", "tests.image.inside"]
        return subprocess.run(runs.command("app", environ, [borrowed], argv), check=False).returncode


def borrow(name: str, folder: Path) -> None:
    """Copies an installed package, and what it needs in turn."""
    found = importlib.metadata.distribution(name)
    for file in found.files or ():
        place = folder / file
        if ".." not in file.parts and file.suffix != ".pyc":
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.locate(), place)
    for need in found.requires or ():
        if ";" not in need:
            borrow(re.split(r"[^A-Za-z0-9._-]", need)[0], folder)


def main() -> int:
    """Inside: every test of every room, of the code that is in the image."""
    root = Path(__file__).parents[2]
    loader = unittest.defaultTestLoader
    tests = unittest.TestSuite(
        loader.discover(str(root / "tests" / "unit" / room), top_level_dir=str(root)) for room in ROOMS
    )
    import app

    if not str(app.__file__).startswith(HOME):
        print(f"the tests would run {app.__file__}, not the image's code")
        return 1
    result = unittest.TextTestRunner(verbosity=1).run(tests)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
