"""Runs the integration tests of the release before this one on this version's tables: the two run side by side.

The former release's code and tests are taken from git; the migrations are those of this clone. What fails is what would
fail in production while a deploy is under way, and after going back.

usage: python -W error -m tests.versions [--ref REF] [-k PATTERN]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
TREE = ROOT / "build" / "versions"
DATABASES = ("region", "datacentre")
RELEASE = re.compile(r"v(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def newest(tags: Iterable[str]) -> str | None:
    """The newest release among tags, by number; what isn't called vN, vN.N or vN.N.N is none."""
    found = [
        (tuple(int(part or 0) for part in match.groups()), tag) for tag in tags if (match := RELEASE.fullmatch(tag))
    ]
    return max(found)[1] if found else None


def releases_before() -> list[str]:
    """The tags on the way to this commit, without those of the commit itself."""
    merged, here = (_git("tag", option, "HEAD").split() for option in ("--merged", "--points-at"))
    return [tag for tag in merged if tag not in here]


def unpack(ref: str, tree: Path = TREE, root: Path = ROOT) -> None:
    """Puts a release's files into `tree`, with this clone's migrations and downloads."""
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", ref], cwd=root, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(tree)], input=archive, check=True)
    for database in DATABASES:
        shutil.copytree(root / "migrations" / database, tree / "migrations" / database, dirs_exist_ok=True)
    (tree / ".local").mkdir()
    (tree / ".local" / "kafka").symlink_to(root / ".local" / "kafka")


def run(tree: Path, patterns: list[str]) -> int:
    """Runs the integration suite of the code in `tree`; its exit status."""
    command = [sys.executable, "-W", "error", "-m", "tests.run", "integration"]
    command += [word for pattern in patterns for word in ("-k", pattern)]
    environ = {**os.environ, "PYTHONPATH": f"{tree}:{tree / 'client'}"}
    return subprocess.run(command, cwd=tree, env=environ, check=False).returncode


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def main() -> int:
    """Returns the exit status of the suite."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions", description=__doc__.partition("\n")[0])
    parser.add_argument("--ref", help="another version than the last release; any commit")
    parser.add_argument("-k", dest="patterns", action="append", default=[], metavar="PATTERN", help="only these tests")
    args = parser.parse_args()
    ref = args.ref or newest(releases_before())
    if ref is None:
        print("no release (a tag vN) before this commit: there is nothing to run beside it")
        return 0
    unpack(ref)
    print(f"the integration tests of {ref} on the tables of this version", flush=True)
    return run(TREE, args.patterns)


if __name__ == "__main__":
    sys.exit(main())
