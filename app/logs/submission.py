"""One request with logs: what its URL and headers say, its record, and what is answered when Kafka doesn't take it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.codes import INVALID, TIMED_OUT
from app.errors import ApiError, unavailable
from app.gateway.client import Client
from app.logs.delivery import NotPublished, Published, RecordTooLarge
from app.logs.intake import Accepted
from common.metrics import Metrics
from common.records import TRACEPARENT, Headers, RequestHead, digest_of, headers_of

IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")

#: While all places are taken the next one is free within a moment; an outage takes longer.
BUSY_SECONDS = 1


class Publisher(Protocol):
    """Takes a record to Kafka: app.logs.publisher.KafkaPublisher, or a fake."""

    @property
    def problems(self) -> Sequence[str]:
        """Why records would be refused at once; empty when the next one is given a chance."""

    def publish(self, stream: str, value: bytes, headers: Headers) -> Published:
        """Returns when it is acknowledged. Raises NotPublished or RecordTooLarge."""


@dataclass(frozen=True)
class Sender:
    """Who sent a request, and what it says beside its body."""

    client: Client
    request_id: UUID
    idempotency_key: bytes | None
    traceparent: str | None


def read_sender(client: Client, request_id: UUID, environ: Mapping[str, Any]) -> Sender:
    """Reads what the headers say of a repeat and of a trace, as WSGI names them. Raises ApiError 400."""
    key = environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise ApiError(400, INVALID, "The header Idempotency-Key must have 1 to 128 visible ASCII characters.")
    trace = environ.get("HTTP_TRACEPARENT")
    return Sender(
        client=client,
        request_id=request_id,
        idempotency_key=None if key is None else key.encode(),
        # A trace that can't be read is nobody's error: it is left out.
        traceparent=trace if trace is not None and TRACEPARENT.fullmatch(trace) else None,
    )


def publish(publisher: Publisher, metrics: Metrics, stream: str, sender: Sender, accepted: Accepted) -> Published:
    """Publishes one request. Raises ApiError: 413 when the topic takes no such record, 503 with what was kept."""
    head = RequestHead(
        request_id=sender.request_id,
        client=sender.client.name,
        stream=stream,
        digest=digest_of(stream, accepted.value),
        count=accepted.count,
        idempotency_key=sender.idempotency_key,
        is_test=sender.client.is_test,
        traceparent=sender.traceparent,
    )
    try:
        return publisher.publish(stream, accepted.value, headers_of(head))
    except RecordTooLarge:
        message = "The logs are larger than what can be kept of one request. Send fewer logs in a request."
        raise ApiError(413, INVALID, message, headers={"X-Kept": "no"}) from None
    except NotPublished as failure:
        reason = failure.reason.strip("_").lower().replace(" ", "_")
        metrics.count("publish.failed", tags=[f"reason:{reason}", f"stream:{stream}"])
        raise _answer(failure) from None


def _answer(failure: NotPublished) -> ApiError:
    if failure.kept == "unknown":
        message = "The logs were not acknowledged in time and may be kept all the same. Send them again unchanged,"
        message += " with the same Idempotency-Key, so that they count once."
        return unavailable(message, kept="unknown", code=TIMED_OUT)
    if failure.reason == "busy":
        return unavailable(
            "Too many requests wait here. Nothing of this one was kept: try again.", seconds=BUSY_SECONDS
        )
    return unavailable("The logs can't be taken at the moment. Nothing of them was kept: try again.")
