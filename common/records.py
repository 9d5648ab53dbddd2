"""The Kafka record of an accepted request: its headers, its canonical value and its digest."""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

#: The schema that producers write. Consumers read this one and the one before it.
SCHEMA_VERSION = 1
READABLE_SCHEMAS = frozenset({1})

MAX_CLIENT_NAME = 64
#: A client's name stands in receipts and record headers, between separators.
CLIENT_NAME_RULE = rf"[A-Za-z0-9_-]{{1,{MAX_CLIENT_NAME}}}"
MAX_IDEMPOTENCY_KEY = 128
MAX_LOG_ID = 64
MAX_LOGS_PER_REQUEST = 500
#: A sender's trace, as W3C Trace Context has it; what is none is left out, by the app and by whoever reads the record.
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)

Headers = list[tuple[str, bytes]]


class Unreadable(Exception):
    """A record is not one of ours, or of a schema that this version can't read. The message never holds its data."""


@dataclass(frozen=True, kw_only=True)
class RequestHead:
    """What a record's headers say of an accepted request.

    `digest` is SHA-256 over stream and canonical value (32 bytes); `count` is how many logs it has; `is_test` marks a
    client whose logs reach the ledger but no partner's file.
    """

    request_id: uuid.UUID
    client: str
    stream: str
    digest: bytes
    count: int
    idempotency_key: bytes | None = None
    is_test: bool = False
    traceparent: str | None = None
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class RequestRecord:
    """An accepted request, as it crosses Kafka.

    `items` are the logs in canonical form, in the order in which they were sent; the rest is as in RequestHead.
    """

    request_id: uuid.UUID
    client: str
    stream: str
    digest: bytes
    items: Sequence[dict[str, Any]]
    idempotency_key: bytes | None = None
    is_test: bool = False
    traceparent: str | None = None
    schema: int = SCHEMA_VERSION

    @property
    def count(self) -> int:
        return len(self.items)


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, no blanks, as UTF-8 rather than `\\u` escapes, so that it never outgrows its source."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def canonical_value(items: Sequence[dict[str, Any]]) -> bytes:
    """The value of the record: the canonical logs of one request."""
    return canonical_json({"logs": items, "schema": SCHEMA_VERSION})


def digest_of(stream: str, value: bytes) -> bytes:
    """SHA-256 (32 bytes) of a stream's name and a canonical value: equal exactly when the content is."""
    return hashlib.sha256(stream.encode() + b"\n" + value).digest()


def headers_of(record: RequestHead | RequestRecord) -> Headers:
    """The record's Kafka headers."""
    headers: Headers = [
        ("request-id", str(record.request_id).encode()),
        ("client", record.client.encode()),
        ("stream", record.stream.encode()),
        ("schema", str(record.schema).encode()),
        ("count", str(record.count).encode()),
        ("digest", record.digest.hex().encode()),
    ]
    if record.idempotency_key is not None:
        headers.append(("idempotency-key", record.idempotency_key))
    if record.is_test:
        headers.append(("test", b"1"))
    if record.traceparent is not None:
        headers.append(("traceparent", record.traceparent.encode()))
    return headers


def read_record(headers: Sequence[tuple[str, bytes | None]] | None, value: bytes | None) -> RequestRecord:
    """The request in a Kafka record. Raises Unreadable, with the reason, for whatever isn't one."""
    if value is None:
        raise Unreadable("the record has no value")
    found = {name: data for name, data in headers or () if data is not None}
    try:
        schema = int(found["schema"])
        if schema not in READABLE_SCHEMAS:
            raise Unreadable(f"schema {schema} is unknown to this version")
        record = _build(found, schema, _items(value))
        count, digest = int(found["count"]), bytes.fromhex(found["digest"].decode("ascii"))
    except KeyError as error:
        raise Unreadable(f"header {error.args[0]} is missing") from None
    except (ValueError, TypeError) as error:
        raise Unreadable(f"a header or the value can't be read ({type(error).__name__})") from None
    if count != len(record.items):
        raise Unreadable(f"header count says {count}, the value holds {len(record.items)} logs")
    if digest != record.digest or digest != digest_of(record.stream, value):
        raise Unreadable("header digest doesn't match the value")
    return record


def _items(value: bytes) -> list[dict[str, Any]]:
    try:
        document = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Unreadable("the value is not JSON") from None
    items = document.get("logs") if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable("the value is not an object with a list of logs")
    if not 1 <= len(items) <= MAX_LOGS_PER_REQUEST:
        raise Unreadable(f"the value holds {len(items)} logs, not 1 to {MAX_LOGS_PER_REQUEST}")
    return items


def _build(found: dict[str, bytes], schema: int, items: list[dict[str, Any]]) -> RequestRecord:
    client, stream = found["client"].decode("ascii"), found["stream"].decode("ascii")
    key, trace = found.get("idempotency-key"), found.get("traceparent", b"").decode("ascii", "replace")
    if not 1 <= len(client) <= MAX_CLIENT_NAME or not 1 <= len(stream) <= 32:
        raise Unreadable("header client or stream is empty or too long")
    if key is not None and not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY:
        raise Unreadable("header idempotency-key is empty or too long")
    return RequestRecord(
        request_id=uuid.UUID(found["request-id"].decode("ascii")),
        client=client,
        stream=stream,
        digest=bytes.fromhex(found["digest"].decode("ascii")),
        items=items,
        idempotency_key=key,
        is_test=found.get("test") == b"1",
        traceparent=trace if TRACEPARENT.fullmatch(trace) else None,
        schema=schema,
    )
