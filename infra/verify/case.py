"""What every test of a host has: the host, as testinfra asks it, and what it is to be."""

import shlex
import time
import unittest
from collections.abc import Callable
from typing import Any, ClassVar

from infra.promises.settings import starts
from infra.site import Site
from infra.words import Word

#: A process that has just been started needs a moment to be ready.
WAIT_SECONDS = 30
LOOK_SECONDS = 0.5


class HostCase(unittest.TestCase):
    """`host` is testinfra's; the file's name says which promise is proved: test_zone.py proves `zone`."""

    site: ClassVar[Site]
    host: ClassVar[Any]

    @classmethod
    def promise(cls) -> str:
        """The promise that these tests are of."""
        return cls.__module__.rpartition(".test_")[2]

    def out(self, command: str) -> str:
        """What a command in shell prints on the host; it must end with 0."""
        done = self.host.run(command)
        self.assertEqual(done.rc, 0, f"{command}: {done.stderr or done.stdout}")
        return str(done.stdout).strip()

    def refuses(self, user: str, script: str) -> None:
        """Passes when this user can run a program, but not `script`, which is of the shell."""
        self.out(self.as_user(user, "true"))
        command = self.as_user(user, script)
        self.assertNotEqual(self.host.run(command).rc, 0, f"{command}: should have been refused")

    def as_user(self, user: str, script: str) -> str:
        """A command that runs `script` in shell as this user, or as nobody."""
        return f"runuser -u {user} -- sh -c {shlex.quote(script)}"

    def is_owned(self, path: str, owner: str, mode: int) -> None:
        """Passes when a file or folder has this owner, a group of the same name, and this mode."""
        found = self.host.file(path)
        self.assertTrue(found.exists, f"{path} is not there")
        self.assertEqual((path, found.user, found.group, oct(found.mode)), (path, owner, owner, oct(mode)))

    def starts(self, word: Word) -> None:
        """Passes when the word would start with its settings."""
        self.out(starts(self.site.release_folder, word, word.settings))

    def becomes_true(self, look: Callable[[], str]) -> None:
        """Passes as soon as `look` has nothing to say; fails with what it says after WAIT_SECONDS."""
        deadline = time.monotonic() + WAIT_SECONDS
        while said := look():
            if time.monotonic() > deadline:
                self.fail(said)
            time.sleep(LOOK_SECONDS)
