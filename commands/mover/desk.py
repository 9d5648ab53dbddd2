"""What every action of `playlog move` works with: the region's database, who works, and the newest plan."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from MySQLdb.connections import Connection

from moving import table
from moving.config import MoveConfig
from moving.plan import Plan, Step

#: Somebody else's version came between reading and writing: each time the action decides anew.
TRIES = 5


@dataclass(frozen=True)
class Desk:
    """Where an action is done."""

    connection: Connection
    config: MoveConfig
    operator: str

    def change(
        self,
        action: str,
        make: Callable[[Plan], Plan],
        about: Callable[[Plan, Plan], str],
        reason: str | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> Plan:
        """Makes a version of the newest one. Raises BadPlan, Overtaken."""
        for tries_left in reversed(range(TRIES)):
            before = table.newest(self.connection)
            after = make(before)
            step = Step(after, action, about(before, after), self.operator, reason, evidence or {})
            try:
                table.append(self.connection, step)
            except table.Overtaken:
                if not tries_left:
                    raise
            else:
                return after
        raise AssertionError("the loop ends by itself")
