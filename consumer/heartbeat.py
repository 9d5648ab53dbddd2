"""Leaves in the database what this process last saw of itself, for `playlog status`; nothing depends on it."""

import json
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import run
from consumer.commits import Summary
from consumer.partition import Partition

logger = logging.getLogger(__name__)

#: As many characters as the column takes; a text beyond leaves out the partitions without trouble.
MAX_PARTITIONS_JSON = 8_000
MAX_TROUBLE = 300

WRITE = """
INSERT INTO persister (name, started_at, seen_at, rows_per_second, records_per_second, commit_median_seconds,
  commit_worst_seconds, lag_records, lag_seconds, backlog_end_seconds, partitions_json)
VALUES (%s, %s, UTC_TIMESTAMP(6), %s, %s, %s, %s, %s, %s, %s, %s)
ON DUPLICATE KEY UPDATE started_at = VALUES(started_at), seen_at = VALUES(seen_at),
  rows_per_second = VALUES(rows_per_second), records_per_second = VALUES(records_per_second),
  commit_median_seconds = VALUES(commit_median_seconds), commit_worst_seconds = VALUES(commit_worst_seconds),
  lag_records = VALUES(lag_records), lag_seconds = VALUES(lag_seconds),
  backlog_end_seconds = VALUES(backlog_end_seconds), partitions_json = VALUES(partitions_json)"""
#: Processes that ended long ago, ours of earlier starts among them.
FORGET = "DELETE FROM persister WHERE seen_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY"
LEAVE = "DELETE FROM persister WHERE name = %s"


@dataclass(frozen=True)
class Look:
    """What the observer saw: lags by partition, the oldest unread record's age, the backlog's end, and the commits."""

    seconds: float
    lags: Mapping[int, int]
    oldest_seconds: float
    backlog_end_seconds: float | None
    commits: Summary


class Heartbeat:
    """One row for this process, renewed at each look over a connection of its own that is closed again at once."""

    def __init__(self, connect: Callable[[], Connection], clock: Clock, name: str | None = None) -> None:
        self._connect = connect
        self._started = clock.now().replace(tzinfo=None)
        self._name = name or f"{socket.gethostname()[:100]}:{os.getpid()}"

    def beat(self, look: Look, partitions: Sequence[Partition]) -> None:
        """Renews the row. Raises MySQLdb.Error."""
        seconds = look.seconds or 1.0
        commits = look.commits
        values = (
            *(self._name, self._started, commits.rows / seconds, commits.records / seconds),
            *(commits.median_seconds, commits.worst_seconds),
            *(sum(look.lags.values()), look.oldest_seconds, look.backlog_end_seconds),
            partitions_json(partitions, look.lags),
        )
        self._run((WRITE, values), (FORGET, ()))

    def leave(self) -> None:
        """The process ends: nobody is to wait for it. Raises MySQLdb.Error."""
        self._run((LEAVE, (self._name,)))

    def _run(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        connection = self._connect()
        try:
            for sql, values in statements:
                run(connection, sql, values)
            connection.commit()
        finally:
            connection.close()


def partitions_json(partitions: Sequence[Partition], lags: Mapping[int, int]) -> str:
    """Each partition with its position, its lag and its trouble; when there are too many, those with trouble first."""
    about = [
        {
            "partition": each.number,
            "stored_offset": each.stored_offset,
            "lag": lags.get(each.number),
            "trouble": each.trouble and each.trouble[:MAX_TROUBLE],
            "held": each.held and each.held[:MAX_TROUBLE],
        }
        for each in sorted(partitions, key=lambda each: (each.trouble is None and each.held is None, each.number))
    ]
    while len(text := json.dumps(about)) > MAX_PARTITIONS_JSON:
        about.pop()
    return text
