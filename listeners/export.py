"""All that is kept of a listener, as JSON lines: stored logs, dead letters, and rows of files whose day is gone."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows
from listeners import letters
from listeners.files import days_with_files
from listeners.logs import days_of
from listeners.registry import Listener
from listeners.usage import rows_of
from reports.usage import COLUMNS, file_name, unguard, uuid_text

ROWS = """
SELECT request_id, item, stream, received_at, played_at, country, track_id, release_id, format_id, play_mode, play_type,
  end_reason, total_time_played, user_id, user_agent, log_id
FROM play_log WHERE received_day = %s AND client = %s AND user_id = %s ORDER BY request_id, item"""
NAMES = (
    *("request_id", "item", "stream", "received_at", "played_at", "country", "track_id", "release_id", "format_id"),
    *("play_mode", "play_type", "end_reason", "total_time_played", "user_id", "user_agent", "log_id"),
)
GUARDED = ("user_id", "user_agent", "log_id")


def export(connection: Connection, root: Path, listener: Listener) -> Iterator[str]:
    """One JSON object a line; `kept_in` says where it was found. Raises MySQLdb.Error or OSError."""
    in_database = set(days_of(connection))
    for day in sorted(in_database):
        found: list[Any] = rows(connection, ROWS, (day, listener.client, listener.user_id.encode()))
        connection.rollback()
        for row in found:
            yield _line("database", day, dict(zip(NAMES, row, strict=True)))
    for log in letters.search(connection, listener, None).logs:
        yield _line("dead letters", None, log)
    for day in days_with_files(root, listener.client):
        if day not in in_database:
            for path in sorted(root.glob(f"{day.isoformat()}*/{file_name(listener.client)}.gz")):
                for cells in rows_of(path, listener.user_id):
                    facts = dict(zip(COLUMNS, cells, strict=True))
                    yield _line(path.parent.name, day, facts | {name: unguard(facts[name]) for name in GUARDED})


def _line(place: str, day: date | None, facts: dict[str, Any]) -> str:
    known = {name: _plain(name, value) for name, value in facts.items()}
    return json.dumps({"kept_in": place, "received_day": day, **known}, default=str, ensure_ascii=False)


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='microseconds')}Z"
    if not isinstance(value, bytes):
        return value
    return uuid_text(value) if name == "request_id" else value.decode("utf-8", "backslashreplace")
