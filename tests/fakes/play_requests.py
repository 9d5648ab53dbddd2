"""Makes accepted requests as the app would put them into Kafka."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from common.records import RequestRecord, canonical_value, digest_of, headers_of
from consumer.batch import Polled
from consumer.booking import Booked

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def log(**changes: Any) -> dict[str, Any]:
    """A log in canonical form."""
    return {
        "userId": "listener-1",
        "country": "GB",
        "trackId": 123456,
        "dateTimePlayed": "2026-03-10T11:00:00.000000Z",
        "totalTimePlayed": 31,
        "userAgent": "DemoPlayer/1.0",
        "playMode": "online",
        "playType": "view",
    } | changes


def request(
    *items: dict[str, Any],
    client: str = "demo",
    key: str | None = None,
    request_id: uuid.UUID | None = None,
    is_test: bool = False,
    stream: str = "preview",
) -> RequestRecord:
    """An accepted request; one plain log without any items given."""
    logs: Sequence[dict[str, Any]] = items or (log(),)
    return RequestRecord(
        request_id=request_id or uuid.uuid4(),
        client=client,
        stream=stream,
        digest=digest_of(stream, canonical_value(logs)),
        items=logs,
        idempotency_key=None if key is None else key.encode(),
        is_test=is_test,
    )


def polled(offset: int, record: RequestRecord | None = None, at: datetime = NOON) -> Polled:
    """The request as Kafka gives it."""
    record = record or request()
    return Polled(offset, at, list(headers_of(record)), canonical_value(record.items))


def booked(offset: int, record: RequestRecord | None = None, at: datetime = NOON) -> Booked:
    """The request with its booked moment."""
    raw = polled(offset, record, at)
    return Booked(raw.offset, at, at, raw.headers, raw.value)
