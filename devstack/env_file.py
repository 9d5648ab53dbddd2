"""Tells a shell how to use the running stack: `.local/env`, which is there only while everything is ready."""

import os
import shlex
import shutil
from pathlib import Path

from devstack.parts import Part
from devstack.service import REPOSITORY
from devstack.stack import Stack
from devstack.words import NEEDS

ONLY_OWNER = 0o600


def render_env(bin_folder: Path, settings_folder: Path, sender: dict[str, str]) -> str:
    """Returns the file that a shell sources: `playlog` on PATH, each word with its own settings."""
    lines = ["# For a shell: `. .local/env`. Written when the stack was ready, removed when it stops."]
    lines.append(f'export PATH={shlex.quote(str(bin_folder))}:"$PATH"')
    lines.append(f"export PLAYLOG_SETTINGS_DIR={shlex.quote(str(settings_folder))}")
    # For curl and `make smoke` as well, not for `playlog send` alone.
    names = ("PLAYLOG_URL", "PLAYLOG_KEY", "LEGACY_URL")
    lines += [f"export {name}={shlex.quote(sender[name])}" for name in names if name in sender]
    return "\n".join(lines) + "\n"


def render_settings(settings: dict[str, str]) -> str:
    """Returns one word's file: what the word finds under its environment."""
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def write_env(stack: Stack) -> Path:
    """Writes the words' files first and the shell's file last, in one step."""
    folder = stack.home / "settings"
    for word in NEEDS:
        _write(folder / f"{word}.env", render_settings(stack.environ(word)))
    path = stack.home / "env"
    sender = stack.environ("send") | ({"LEGACY_URL": stack.legacy.url} if Part.LEGACY in stack.parts else {})
    _write(path, render_env(REPOSITORY / ".venv" / "bin", folder, sender))
    return path


def remove_env(home: Path) -> None:
    """Removes what was written: a shell that waits for the file must not find an earlier run's."""
    (home / "env").unlink(missing_ok=True)
    shutil.rmtree(home / "settings", ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OWNER), "w") as file:
        file.write(text)
    new.replace(path)
