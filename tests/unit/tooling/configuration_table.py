"""The table of docs/configuration.md, from where the settings are declared; `python -m` writes it into the page."""

import re
import sys
from itertools import pairwise

from commands._settings import CONFIGS, settings_of, shown_default
from tests.unit.tooling.repository import ROOT

PAGE = ROOT / "docs" / "configuration.md"
BEGIN, END = "<!-- settings -->", "<!-- end of settings -->"


def table() -> list[str]:
    """A line for each setting, in the order of .env.example."""
    abouts = _abouts()
    readers: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    for word in CONFIGS:
        for name, each in settings_of(word).items():
            readers.setdefault(name, []).append(word)
            shown = shown_default(each)
            if each.is_needed or name not in defaults:
                defaults[name] = {"needed": "needed", "-": "none"}.get(shown, f"`{shown}`")
    lines = ["| name | default | read by | is |", "|---|---|---|---|"]
    for name, about in abouts.items():
        words = ", ".join(readers.get(name, ["nginx, image or make"]))
        lines.append(f"| {name} | {defaults.get(name, '')} | {words} | {about} |")
    return lines


def with_table(text: str) -> str:
    """The page with the table as it is now."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return "\n".join([f"{head}{BEGIN}", "", *table(), "", f"{END}{tail}"])


def _abouts() -> dict[str, str]:
    """Each name of .env.example with the comment above it."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = {line.partition("=")[0]: before for before, line in pairwise(lines) if re.match(r"[A-Z_]+=", line)}
    return {name: before.removeprefix("# ").replace("|", "\\|") for name, before in found.items()}


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
    sys.exit(0)
