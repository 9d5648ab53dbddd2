"""A region's copy of the catalogue as the follower asks it: positions, what was stored since, and as of when."""

from datetime import datetime
from typing import Any

import MySQLdb

from app.tracks.follower import AS_OF, CHANGED, GHOSTS, POSITIONS
from tests.fakes.own_cursor import OwnCursor

TOPIC, TOPIC_ID = "catalogue", "t" * 22


class FakeRegionCopy(OwnCursor):
    """A connection to it. Partitions of which nobody said as of when count as in SQL: their moment is unknown."""

    def __init__(self) -> None:
        self.topic_id = TOPIC_ID
        self.positions: dict[int, int] = {}
        self.as_of: dict[int, datetime] = {}
        #: By partition: offset and release of each record that changed something.
        self.applied: dict[int, list[tuple[int, int]]] = {}
        #: Partition and offset of each mark that made ghosts.
        self.ghosts: list[tuple[int, int]] = []
        self.is_away = False
        self._found: list[tuple[Any, ...]] = []

    def store(self, partition: int, *release_ids: int) -> None:
        """The partition's next records, each a change."""
        offset = self.positions.get(partition, 0)
        self.applied.setdefault(partition, []).extend((offset + place, each) for place, each in enumerate(release_ids))
        self.positions[partition] = offset + len(release_ids)

    def execute(self, sql: str, values: Any = None) -> None:
        if self.is_away:
            raise MySQLdb.OperationalError(2006, "gone")
        self._found = self._answer(sql, values)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._found

    def _answer(self, sql: str, values: Any) -> list[tuple[Any, ...]]:
        if sql == POSITIONS:
            return [(TOPIC, partition, self.topic_id, offset) for partition, offset in self.positions.items()]
        if sql == AS_OF:
            moments = [self.as_of.get(partition) for partition in self.positions]
            known = [each.replace(tzinfo=None) for each in moments if each]
            return [(min(known, default=None), len(moments) - len(known) if moments else None)]
        _, partition, begin, end, *most = values
        if sql == CHANGED:
            found = [(each,) for offset, each in self.applied.get(partition, []) if begin <= offset < end]
            return found[: most[0]]
        if sql == GHOSTS:
            return [(any(place == partition and begin <= offset < end for place, offset in self.ghosts),)]
        raise AssertionError(f"the follower asked something else: {sql}")
