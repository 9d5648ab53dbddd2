"""Writes a day into the tables as the persister would have left it."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from MySQLdb.connections import Connection

TOPIC = "play-logs"
TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA"

INSERT_REQUEST = """
INSERT INTO request (topic_id, partition_no, kafka_offset, request_id, client, stream, is_test, schema_version,
  idempotency_key, digest, appended_at, booked_at, received_day, outcome, n_items, n_stored, n_duplicate, n_dead)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_PLAY = """
INSERT INTO play_log (received_day, request_id, item, client, stream, is_test, received_at, played_at, user_id, country,
  track_id, total_time_played, play_mode, play_type, user_agent, log_id, is_id_conflict)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'view', %s, %s, %s)
"""
INSERT_CUT = "INSERT INTO day_cut VALUES (%s, %s, %s, %s, %s, UTC_TIMESTAMP(6))"
INSERT_GAP = "INSERT INTO gap VALUES (%s, %s, %s, %s, %s, 'ada', %s)"
#: Every row of a request once more, with the next item numbers, on other tracks.
DOUBLE = """
INSERT INTO play_log (received_day, request_id, item, client, stream, is_test, received_at, played_at, user_id, country,
  track_id, total_time_played, play_mode, play_type, user_agent, log_id, is_id_conflict)
SELECT received_day, request_id, item + %s, client, stream, is_test, received_at, played_at, user_id, country,
  track_id + %s, total_time_played, play_mode, play_type, user_agent, log_id, is_id_conflict
FROM play_log WHERE received_day = %s AND request_id = %s
"""
SET_POSITION = """
INSERT INTO consumer_offset (topic, partition_no, topic_id, next_offset, updated_at) VALUES (%s, %s, %s, %s, NOW(6))
ON DUPLICATE KEY UPDATE topic_id = VALUES(topic_id), next_offset = VALUES(next_offset)
"""


@dataclass(frozen=True)
class Log:
    """A stored log; what a test doesn't care about has a value."""

    user_id: bytes | None = b"u1"
    track_id: int = 7
    seconds: int = 30
    country: str = "GB"
    user_agent: str = "agent"
    log_id: bytes | None = None
    played_at: datetime = datetime(2026, 11, 20, 8, tzinfo=UTC)
    is_id_conflict: bool = False


@dataclass(frozen=True)
class Request:
    """A record that the persister read, and what became of its logs."""

    at: datetime
    logs: Sequence[Log] = (Log(),)
    client: str | None = "acme"
    stream: str | None = "preview"
    duplicate: int = 0
    dead: int = 0
    outcome: str = "stored"
    key: bytes | None = None
    content: bytes = b""
    is_test: bool = False
    appended_at: datetime | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)


class DayWriter:
    """Puts rows, cuts, gaps and positions of one topic id into the tables."""

    def __init__(self, connection: Connection, topic_id: str = TOPIC_ID) -> None:
        self._connection, self._topic_id = connection, topic_id

    def put(self, partition: int, offset: int, *requests: Request) -> int:
        """Stores requests from an offset on; returns the next offset, where the partition stands now."""
        for offset_of_it, request in enumerate(requests, start=offset):
            self._put(partition, offset_of_it, request)
        end = offset + len(requests)
        self.stand(partition, end)
        return end

    def stand(self, partition: int, next_offset: int) -> None:
        self._run(SET_POSITION, TOPIC, partition, self._topic_id, next_offset)

    def put_large(self, partition: int, offset: int, at: datetime, doublings: int) -> int:
        """Stores one request of 2 ** doublings long rows of acme, fast; returns the next offset."""
        request_id, rows = uuid.uuid4(), 1 << doublings
        self._put(partition, offset, Request(at, [Log(user_agent="x" * 256)], dead=rows - 1, request_id=request_id))
        for power in range(doublings):
            self._run(DOUBLE, 1 << power, 1 << power, at.date(), request_id.bytes)
        self._run("UPDATE request SET n_stored = n_items, n_dead = 0 WHERE request_id = %s", request_id.bytes)
        self.stand(partition, offset + 1)
        return offset + 1

    def cut(self, partition: int, day: date, offset: int, cause: str = "record") -> None:
        self._run(INSERT_CUT, self._topic_id, partition, day, offset, cause)

    def lose(self, partition: int, first: int, end: int | None, declared_at: datetime, reason: str = "a disk") -> None:
        self._run(INSERT_GAP, self._topic_id, partition, first, end, reason, declared_at)

    def quiet(self, partition: int, day: date) -> None:
        """A partition that never had a record."""
        self.stand(partition, 0)
        self.cut(partition, day - timedelta(days=1), 0, "start")
        self.cut(partition, day, 0, "quiet")

    def _put(self, partition: int, offset: int, request: Request) -> None:
        is_readable = request.outcome != "unreadable"
        request_id = request.request_id.bytes if is_readable else None
        digest = hashlib.sha256(request.content or request.request_id.bytes).digest() if is_readable else None
        stored = len(request.logs)
        day = request.at.date()
        self._run(
            INSERT_REQUEST,
            *(self._topic_id, partition, offset, request_id, request.client, request.stream, request.is_test),
            *(request.key, digest, request.appended_at or request.at, request.at, day, request.outcome),
            *(stored + request.duplicate + request.dead, stored, request.duplicate, request.dead),
        )
        for item, log in enumerate(request.logs):
            self._run(
                INSERT_PLAY,
                *(day, request_id, item, request.client, request.stream, request.is_test, request.at, log.played_at),
                *(log.user_id, log.country, log.track_id, log.seconds, "online", log.user_agent, log.log_id),
                log.is_id_conflict,
            )

    def _run(self, sql: str, *values: Any) -> None:
        # The database keeps moments without a zone.
        plain = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in values]
        with self._connection.cursor() as cursor:
            cursor.execute(sql, plain)
        self._connection.commit()
