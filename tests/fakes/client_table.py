"""A fake of the region database: the tables of clients, and the connections to them."""

from typing import Any

import MySQLdb

from app.gateway import table, usage_table
from app.gateway.keys import hash_key

SECRET = "s" * 32


class FakeCursor:
    """One query on the tables."""

    def __init__(self, database: "FakeDatabase") -> None:
        self._database = database
        self._sql = ""

    def __enter__(self) -> "FakeCursor":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, sql: str, _: object = None) -> int:
        self._database.check()
        self._sql = sql
        return 0

    def fetchall(self) -> list[tuple[object, ...]]:
        return self._database.answer(self._sql)


class FakeDatabase:
    """Clients without a limit, each with one key, who may send logs; and what others have used of their day."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        #: Clients of the version before: they have no rows but their own.
        self.old_keys: dict[str, str] = {}
        self.revoked_keys: dict[str, str] = {}
        self.used: dict[str, int] = {}
        self.is_down = False
        self.connections = 0
        self.commits = 0

    def check(self) -> None:
        if self.is_down:
            raise MySQLdb.OperationalError(2006, "gone away; row values stand in messages like this one")

    def answer(self, sql: str) -> list[tuple[object, ...]]:
        every = self.keys | self.old_keys
        if sql == table.CLIENTS:
            return [(name, 0, None, hash_key(key, SECRET)) for name, key in every.items()]
        if sql == table.KEYS:
            live = [(name, hash_key(key, SECRET), None, None, 1) for name, key in self.keys.items()]
            return [*live, *((name, hash_key(key, SECRET), None, None, 0) for name, key in self.revoked_keys.items())]
        if sql == table.SERVICES:
            return [(name, "logs.*", 0) for name in self.keys]
        if sql == usage_table.USED_BY_LIMITED:
            return list(self.used.items())
        raise AssertionError(sql)

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
