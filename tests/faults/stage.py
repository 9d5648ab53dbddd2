"""The stores that the long fault tests break: three brokers and a database, each with doors that can be cut."""

import atexit
import os
import shutil
from functools import cache

from devstack.emptied import empty_datacentre
from devstack.kafka_settings import session_settings
from devstack.parts import Part
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.integration.link import Link
from tests.integration.shared_stack import BUILD, remove_left_over

HOME = BUILD / f"stack-faults-{os.getpid()}"
STORES = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES})


class Stage:
    """Kafka and MariaDB, started once for a suite. `kafka_link` and `database_link` lead to the data centre.

    On a stack that is given, `kafka_link` leads nowhere, and nothing is started or stopped here.
    """

    def __init__(self, stack: Stack | None = None) -> None:
        self.kafka_link, self.database_link = Link(), Link()
        self.stack = stack or Stack(
            *(HOME, STORES),
            kafka_nodes=3,
            # A killed persister's partitions go to the next one soon.
            kafka_settings=session_settings(3_000, 300),
            is_test=True,
            far_door=self.kafka_link.door_to,
        )
        self._database_door: tuple[int, int] = (0, 0)

    def start(self) -> "Stage":
        remove_left_over("stack-faults-")
        self.stack.start()
        refuse_unmarked(self.stack)
        return self

    def stop(self) -> None:
        self.stack.stop()
        self.kafka_link.close()
        self.database_link.close()
        shutil.rmtree(HOME / "data", ignore_errors=True)  # The logs stay, for whoever looks into a failure.

    def empty_database(self) -> None:
        """Every scene begins with empty books, so that `playlog ledger` speaks of it alone."""
        empty_datacentre(self.stack)

    def database_door(self) -> int:
        """The port at which the data centre's link leads to the database."""
        port = self.stack.mariadb.port
        if self._database_door[0] != port:
            self._database_door = (port, self.database_link.door_to(port))
        return self._database_door[1]


@cache
def stage() -> Stage:
    """The stage of this run."""
    made = Stage()
    atexit.register(made.stop)
    return made.start()
