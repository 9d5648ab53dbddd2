"""One real Kafka and one real MariaDB for a whole suite, integration or faults, started when the first test asks."""

import atexit
import os
import shutil
from functools import cache
from pathlib import Path

from devstack.kafka_settings import session_settings
from devstack.parts import Part
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.integration.link import Link

BUILD = Path(__file__).parents[2] / "build"
#: A folder for each run: two suites at once don't take each other's data away.
HOME = BUILD / f"stack-integration-{os.getpid()}"


@cache
def kafka_link() -> Link:
    """Leads to the broker's second listener, whose address is `kafka.far_bootstrap`."""
    return Link()


@cache
def shared_stack() -> Stack:
    """Kafka, MariaDB and the tables, on fresh data. A test that stops or breaks one of them puts it back."""
    remove_left_over("stack-integration-")
    # A killed persister's partitions go to the next one soon.
    parts = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES})
    settings = session_settings(3_000, 300)
    stack = Stack(HOME, parts, kafka_settings=settings, is_test=True, far_door=kafka_link().door_to)
    stack.start()
    refuse_unmarked(stack)
    atexit.register(_end, stack)
    return stack


def _end(stack: Stack) -> None:
    stack.stop()
    kafka_link().close()
    shutil.rmtree(HOME / "data", ignore_errors=True)  # The logs stay, for whoever looks into a failure.


def remove_left_over(prefix: str) -> None:
    """Removes the folders of earlier runs: each name ends with the number of its process."""
    for folder in BUILD.glob(f"{prefix}*"):
        if not Path("/proc", folder.name.rpartition("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)
