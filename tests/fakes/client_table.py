"""A fake of the region database: the table `client`, and the connections to it."""

from typing import Any

import MySQLdb

from app.gateway.keys import hash_key

SECRET = "s" * 32


class FakeCursor:
    """One query on the table."""

    def __init__(self, database: "FakeDatabase") -> None:
        self._database = database

    def __enter__(self) -> "FakeCursor":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, sql: str, _: object = None) -> int:
        self._database.check()
        return 0

    def fetchall(self) -> list[tuple[object, ...]]:
        return [(hash_key(key, SECRET), name, 0) for name, key in self._database.keys.items()]


class FakeDatabase:
    """The table `client`, and the connections to it."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.is_down = False
        self.connections = 0
        self.commits = 0

    def check(self) -> None:
        if self.is_down:
            raise MySQLdb.OperationalError(2006, "gone away; row values stand in messages like this one")

    def connect(self) -> Any:
        self.check()
        self.connections += 1
        return self

    def cursor(self) -> FakeCursor:
        return FakeCursor(self)

    def commit(self) -> None:
        self.commits += 1

    def close(self) -> None:
        pass
