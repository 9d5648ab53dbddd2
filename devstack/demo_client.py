"""Registers a client whose key the printed curl, the smoke test and `playlog send` use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from devstack.mariadb_settings import REGION
from devstack.process import ProcessFailed
from devstack.secrets_file import CLIENT_KEY

if TYPE_CHECKING:
    from devstack.stack import Stack

NAME = "demo"
#: The key, and the secret that signs.
LINES = 2


def make_demo_client(stack: Stack) -> None:
    """Adds the client once; its key is printed only then, so it is remembered with the stack's other secrets."""
    if stack.secrets.get(CLIENT_KEY):
        return
    # A run cut off between the two steps has left a client whose key nobody knows: the next one has another name.
    taken = NAME in stack.mariadb.execute("SELECT name FROM client", REGION).split()
    name = f"{NAME}-{int(time.time())}" if taken else NAME
    done = stack.run_word("clients", "add", name, "--allow", "logs.*", "--allow", "tracks", "--allow", "legacy.*")
    lines = done.stdout.split()
    if done.returncode or len(lines) != LINES:
        raise ProcessFailed(
            f"playlog clients add {name} failed with status {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    stack.secrets.remember(CLIENT_KEY, lines[0])
