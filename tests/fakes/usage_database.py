"""A fake of the region database as the bookkeeper sees it: a connection that fails when a test wants it to."""

from typing import Any

import MySQLdb

from tests.fakes.own_cursor import OwnCursor


class FakeUsageDatabase(OwnCursor):
    """Remembers statements, and which of them were committed."""

    def __init__(self) -> None:
        self.committed: list[tuple[str, Any]] = []
        self.connections = 0
        #: Codes of the errors that the next statements, or commits, raise.
        self.refuses: list[int] = []
        self.commit_fails: list[int] = []
        self.is_down = False
        self._open: list[tuple[str, Any]] = []

    def connect(self) -> Any:
        if self.is_down:
            raise MySQLdb.OperationalError(2003, "no")
        self.connections += 1
        self._open = []
        return self

    def execute(self, sql: str, values: Any = None) -> int:
        if self.refuses:
            raise MySQLdb.OperationalError(self.refuses.pop(0), "no")
        self._open.append((sql, values))
        return 1

    def fetchall(self) -> list[tuple[object, ...]]:
        return [(1, 10)]

    def commit(self) -> None:
        if self.commit_fails:
            raise MySQLdb.OperationalError(self.commit_fails.pop(0), "no")
        self.committed += self._open
        self._open = []

    def close(self) -> None:
        self._open = []

    def values(self, sql: str) -> list[Any]:
        """What was committed by this statement."""
        return [values for each, values in self.committed if each == sql]
