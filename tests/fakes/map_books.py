"""What a follower asks, in memory: the map's versions, and an nginx that takes a map or refuses it."""

import re

from moving.books import Away
from moving.nginx import Refused
from moving.plan import Plan


class FakeBooks:
    """A fake of moving.books.RegionBooks."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.is_away = False
        self.reports: list[tuple[str, int, str | None]] = []
        self.left: list[str] = []

    def newest_number(self) -> int:
        self._ask()
        return self.plan.version

    def newest(self) -> Plan:
        self._ask()
        return self.plan

    def report(self, name: str, version: int, problem: str | None) -> None:
        self._ask()
        self.reports.append((name, version, problem))

    def leave(self, name: str) -> None:
        self._ask()
        self.left.append(name)

    def _ask(self) -> None:
        if self.is_away:
            raise Away("database error 2003")


class FakeNginx:
    """A fake of moving.nginx.NginxHandle."""

    def __init__(self) -> None:
        self.version: int | None = 0
        self.refuses = ""
        self.taken: list[str] = []
        self.tries = 0

    def served(self) -> int | None:
        return self.version

    def put(self, version: int, text: str) -> None:
        self.tries += 1
        if self.refuses:
            raise Refused(self.refuses)
        found = re.search(r'\$moves_version \{ default "(\d+)"', text)
        assert found is not None
        self.version = int(found[1])
        self.taken.append(text)
