"""Finds the programs of the stack, those in the administrator's folders too: a user's PATH lacks them on Debian."""

import os
import shutil

ADMINISTRATOR_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"


class ProgramMissing(Exception):
    """A program that the set-up installs isn't there."""


def find(name: str) -> str | None:
    """Returns a program's full path, or None."""
    return shutil.which(name, path=os.environ.get("PATH", os.defpath) + os.pathsep + ADMINISTRATOR_FOLDERS)


def program(name: str) -> str:
    """Returns a program's full path; raises ProgramMissing."""
    path = find(name)
    if path is None:
        raise ProgramMissing(f"{name} isn't installed: run `make setup`")
    return path
