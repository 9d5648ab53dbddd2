"""The repository as the tests of its promises read it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: Settings that a program outside Python reads, or that the command line reads by itself.
ELSEWHERE = {"PLAYLOG_URL", "PLAYLOG_KEY"}
SETTING = re.compile(r"setting\(\s*\"([A-Z_]+)\"")


def tracked(*patterns: str) -> list[Path]:
    """The files that git tracks, or would."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).exists()]


def imports_of(path: Path) -> Iterator[str]:
    """The first part of the name of each module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def settings_in_code() -> set[str]:
    """The name of every environment variable that our own code declares."""
    rooms = (
        "app",
        "catalogue",
        "common",
        "commands",
        "consumer",
        "listeners",
        "migrations",
        "moving",
        "reports",
        "rollout",
    )
    return {
        name for room in rooms for path in (ROOT / room).rglob("*.py") for name in SETTING.findall(path.read_text())
    }


def names_of_entrypoint() -> set[str]:
    """The names that the image's entrypoint reads before it runs a word."""
    return set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "entrypoint.sh").read_text()))


def names_of_inventories() -> set[str]:
    """The names that whoever converges UAT or production has to set."""
    # Rooms that are in the app's image have their tests there too, and infra isn't.
    from infra.inventory import ELSEWHERE as ELSEWHERE_INVENTORIES

    texts = [(ROOT / "infra" / "inventories" / f"{name}.toml").read_text() for name in ("uat", "production")]
    return {ELSEWHERE_INVENTORIES, *(name for text in texts for name in re.findall(r"\$\{([A-Z_]+)\}", text))}


def names_of_nginx() -> set[str]:
    """The names that nginx.conf is rendered with."""
    return set(re.findall(r"\$\{([A-Z_]+)\}", (ROOT / "nginx.conf").read_text()))
