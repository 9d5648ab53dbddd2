"""Lets a development stack tell each word its own settings, each with a database user of its own."""

from collections.abc import Mapping
from pathlib import Path

#: Names the folder with one file NAME=VALUE per line for each word; `.local/env` exports it, production never does.
SETTINGS_FOLDER = "PLAYLOG_SETTINGS_DIR"


def with_word_settings(word: str, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment over what the folder's file for this word says; without the folder, the environment alone."""
    folder = environ.get(SETTINGS_FOLDER)
    if not folder:
        return environ
    path = Path(folder) / f"{word}.env"
    if not path.exists():
        return environ
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return {**dict(line.split("=", 1) for line in lines), **environ}
