"""A listener's dead letters: found in their values, and renamed there; the record's digest is made to agree."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from MySQLdb.connections import Connection

from common.database import rows, run
from common.records import canonical_json, digest_of
from listeners.registry import Listener

#: Unreadable records have no client: their headers may name one.
FIND = """
SELECT id, item, value_zlib, headers_json FROM dead_letter
WHERE id > %s AND value_zlib IS NOT NULL AND (client = %s OR client IS NULL) ORDER BY id LIMIT 200"""
RENAME = """
UPDATE dead_letter SET value_zlib = %s, value_bytes = %s, value_sha256 = %s, headers_json = %s WHERE id = %s"""

CLEAR = "UPDATE dead_letter SET value_zlib = NULL WHERE id = %s"


@dataclass
class Searched:
    """What was found: letters that held logs of the listener, and those that may, but can't be read as logs."""

    logs: list[dict[str, Any]] = field(default_factory=list)
    renamed: int = 0
    doubtful: list[int] = field(default_factory=list)


def search(connection: Connection, listener: Listener, token: str | None, *, clears_doubtful: bool = False) -> Searched:
    """Looks through the dead letters; with a token, renames what it finds. Raises MySQLdb.Error.

    `clears_doubtful`: a value that holds the id's bytes and can't be read as logs is removed; its place, its size and
    its digest stay.
    """
    found = Searched()
    for letter_id, item, value, headers in _letters(connection, listener.client):
        logs = _logs(item, value, headers, listener.client)
        if logs is None:
            if listener.user_id.encode() in value:
                found.doubtful.append(letter_id)
                if clears_doubtful:
                    run(connection, CLEAR, (letter_id,))
                    connection.commit()
            continue
        own = [log for log in logs if isinstance(log, dict) and log.get("userId") == listener.user_id]
        found.logs += [dict(log) for log in own]
        if own and token is not None:
            for log in own:
                log["userId"] = log["userAgent"] = token
            _rename(connection, letter_id, item, logs, headers)
            found.renamed += 1
    return found


def _letters(connection: Connection, client: str) -> Iterator[tuple[int, int | None, bytes, dict[str, bytes | None]]]:
    last = 0
    while True:
        found: list[Any] = rows(connection, FIND, (last, client))
        connection.rollback()
        for last, item, packed, headers in found:
            pairs = json.loads(headers) if headers else []
            decoded = {name: None if data is None else base64.b64decode(data) for name, data in pairs}
            yield last, item, zlib.decompress(packed), decoded
        if not found:
            return


def _logs(item: int | None, value: bytes, headers: dict[str, bytes | None], client: str) -> list[Any] | None:
    """The logs in a letter's value; none for another client's. None when nobody can tell."""
    if item is None and headers.get("client") not in {None, client.encode()}:
        return []
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if item is not None:
        return [document] if isinstance(document, dict) else None
    logs = document.get("logs") if isinstance(document, dict) else None
    return logs if isinstance(logs, list) and headers.get("client") else None


def _rename(
    connection: Connection, letter_id: int, item: int | None, logs: list[Any], headers: dict[str, bytes | None]
) -> None:
    """Writes the letter again. Of a whole record the digest too, or it could never be replayed."""
    if item is not None:
        value = canonical_json(logs[0])
    else:
        schema = headers.get("schema") or b"1"
        value = canonical_json({"logs": logs, "schema": int(schema) if schema.isdigit() else 1})
        stream = (headers.get("stream") or b"").decode("ascii", "replace")
        headers = headers | {"digest": digest_of(stream, value).hex().encode()}
    pairs = [[name, None if data is None else base64.b64encode(data).decode()] for name, data in headers.items()]
    packed = zlib.compress(value, 6)
    values = (packed, len(value), hashlib.sha256(value).digest(), json.dumps(pairs).encode())
    run(connection, RENAME, (*values, letter_id))
    connection.commit()
