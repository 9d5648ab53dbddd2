"""Keeps comparisons in the region's database, many at a time; while it is away some wait, and the rest is dropped."""

import threading
from collections import deque
from itertools import islice
from typing import NamedTuple

import orjson
from MySQLdb.connections import Connection

from common.database import run
from moving.comparator.comparison import Comparison

INSERT = (
    "INSERT INTO move_comparison (compared_at, path, client, track, origin, verdict, legacy_status, our_status,"
    " legacy_ms, our_ms, detail_json) VALUES "
)
ROW = "(UTC_TIMESTAMP(6), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
COUNTS = (
    "INSERT INTO move_comparator (name, began_at, seen_at, told, compared, dropped, lost, without_legacy)"
    " VALUES (%s, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), %s, %s, %s, %s, %s)"
    " ON DUPLICATE KEY UPDATE began_at = IF(told > %s, UTC_TIMESTAMP(6), began_at), seen_at = UTC_TIMESTAMP(6),"
    " told = %s, compared = %s, dropped = %s, lost = %s, without_legacy = %s"
)
PRUNE = "DELETE FROM move_comparison WHERE compared_at < UTC_TIMESTAMP(6) - INTERVAL %s DAY LIMIT 5000"
LEAVE = "DELETE FROM move_comparator WHERE name = %s"

MOST_WAITING = 2_000
MOST_IN_A_STATEMENT = 200


class Counts(NamedTuple):
    """What became of the requests that a comparator was told of, since it began."""

    told: int
    compared: int
    dropped: int
    lost: int
    without_legacy: int


class Store:
    """Comparisons that wait to be written. `put` may be called from several threads, the others from one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._waiting: deque[Comparison] = deque()
        self.compared = 0
        #: Not written, for the database was away for too long.
        self.dropped = 0

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    def put(self, comparison: Comparison) -> None:
        with self._lock:
            self.compared += 1
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append(comparison)

    def write(self, connection: Connection, counts: Counts) -> None:
        """Writes what waits, and the counts. What a failure keeps from being written waits on. Raises MySQLdb.Error."""
        while True:
            batch, dropped = self._batch()
            if not batch:
                break
            values = tuple(value for each in batch for value in _row(each))
            run(connection, INSERT + ", ".join([ROW] * len(batch)), values)
            connection.commit()
            self._forget(len(batch), dropped)
        run(connection, COUNTS, (self._name, *counts, counts.told, *counts))
        connection.commit()

    def prune(self, connection: Connection, days: int) -> None:
        """Forgets old comparisons, some at a time."""
        while run(connection, PRUNE, (days,)):
            connection.commit()
        connection.commit()

    def leave(self, connection: Connection) -> None:
        """This comparator compares no more."""
        run(connection, LEAVE, (self._name,))
        connection.commit()

    def _batch(self) -> tuple[list[Comparison], int]:
        """The oldest that wait, and how many were dropped before."""
        with self._lock:
            return list(islice(self._waiting, MOST_IN_A_STATEMENT)), self.dropped

    def _forget(self, number: int, dropped: int) -> None:
        with self._lock:
            # Those that were dropped meanwhile were the oldest: they are gone already.
            for _ in range(max(0, number - (self.dropped - dropped))):
                self._waiting.popleft()


def _row(each: Comparison) -> tuple[object, ...]:
    return (*each[:-1], None if each.detail is None else orjson.dumps(each.detail))
