"""One real Kafka and one real MariaDB for the whole integration suite, started when the first test asks."""

import atexit
import shutil
from functools import cache
from pathlib import Path

from devstack.parts import Part
from devstack.stack import Stack

HOME = Path(__file__).parents[2] / "build" / "stack-integration"


@cache
def shared_stack() -> Stack:
    """Kafka, MariaDB and the tables, on fresh data. A test that stops or breaks one of them puts it back."""
    shutil.rmtree(HOME, ignore_errors=True)
    stack = Stack(HOME, frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES}))
    stack.start()
    atexit.register(stack.stop)
    return stack
