"""The dead letters as an operator sees them: lists, one of them whole, and those that are given up."""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows, run

COLUMNS = """id, topic, topic_id, partition_no, kafka_offset, item, request_id, client, stream, reason, value_bytes,
  received_day, made_at, state, closed_at, closed_by, closed_reason"""
FIND = "SELECT {columns} FROM dead_letter WHERE {rule} ORDER BY id LIMIT %s"
SUMMARY = """
SELECT state, client, stream, reason, COUNT(*), MIN(id), MAX(made_at) FROM dead_letter WHERE {rule}
GROUP BY state, client, stream, reason ORDER BY COUNT(*) DESC, MIN(id)"""
CONTENT = "SELECT value_zlib, headers_json FROM dead_letter WHERE id = %s"
#: Guarded: of two operators, one closes it.
CLOSE = """
UPDATE dead_letter SET state = %s, closed_at = UTC_TIMESTAMP(6), closed_by = %s, closed_reason = %s
WHERE id = %s AND state = 'open'"""

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Wanted:
    """Which letters are meant: each part that is given narrows the choice."""

    ids: Sequence[int] = ()
    state: str | None = None
    client: str | None = None
    received_day: date | None = None

    def rule(self) -> tuple[str, tuple[object, ...]]:
        """The condition in SQL, and its values."""
        parts, values = ["TRUE"], list[object]()
        if self.ids:
            parts.append(f"id IN ({', '.join(['%s'] * len(self.ids))})")
            values += self.ids
        for column, value in (("state", self.state), ("client", self.client), ("received_day", self.received_day)):
            if value is not None:
                parts.append(f"{column} = %s")
                values.append(value)
        return " AND ".join(parts), tuple(values)


@dataclass(frozen=True)
class Letter:
    """One dead letter without its content. `item` is None for a record that couldn't be read at all."""

    id: int
    topic: str
    topic_id: str
    partition: int
    offset: int
    item: int | None
    request_id: bytes | None
    client: str | None
    stream: str | None
    reason: str
    value_bytes: int | None
    received_day: date
    made_at: datetime
    state: str
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None

    @property
    def place(self) -> str:
        """Where it lay in Kafka."""
        item = "" if self.item is None else f", log {self.item}"
        return f"partition {self.partition}, offset {self.offset}{item}"


@dataclass(frozen=True)
class Content:
    """What a letter holds. The value is None when the record had none, or when it was too large to be kept."""

    value: bytes | None
    headers: Headers


def find(connection: Connection, wanted: Wanted, limit: int) -> list[Letter]:
    """The letters that are meant, the oldest first. Raises MySQLdb.Error."""
    rule, values = wanted.rule()
    found: list[Any] = rows(connection, FIND.format(columns=COLUMNS, rule=rule), (*values, limit))
    connection.rollback()
    return [Letter(*row) for row in found]


def summary(connection: Connection, wanted: Wanted) -> list[tuple[Any, ...]]:
    """How many there are, by state, client, stream and reason. Raises MySQLdb.Error."""
    rule, values = wanted.rule()
    found = rows(connection, SUMMARY.format(rule=rule), values)
    connection.rollback()
    return found


def content(connection: Connection, letter_id: int) -> Content:
    """What the letter holds. Raises MySQLdb.Error, or KeyError when there is no such letter."""
    found = rows(connection, CONTENT, (letter_id,))
    if not found:
        raise KeyError(letter_id)
    packed, headers = found[0]
    assert isinstance(packed, bytes | None) and isinstance(headers, bytes | None)
    return Content(None if packed is None else zlib.decompress(packed), read_headers(headers))


def read_headers(encoded: bytes | None) -> Headers:
    """The record's headers, as consumer.dead_letters wrote them."""
    pairs = json.loads(encoded) if encoded else []
    return [(name, None if data is None else base64.b64decode(data)) for name, data in pairs]


def close(connection: Connection, letter_id: int, state: str, operator: str, reason: str) -> bool:
    """Closes an open letter in the open transaction; False when it isn't open."""
    return run(connection, CLOSE, (state, operator, reason, letter_id)) == 1
