"""The endpoint where a sender asks what became of an accepted request."""

from collections.abc import Callable

import orjson
from confluent_kafka import KafkaException
from flask import Blueprint, Response, request

from app.codes import NOT_FOUND
from app.errors import ApiError, unavailable
from app.formats import JSON
from app.gateway.gate import Gate
from app.gateway.services import RECEIPTS
from app.logs.progress import Progress
from app.logs.receipt_state import receipt_state
from app.logs.topic_watch import TopicFacts
from common.receipts import Receipts


def receipt_routes(
    gate: Gate, receipts: Receipts, progress: Progress, topic_facts: Callable[[], TopicFacts | None]
) -> Blueprint:
    """GET /1.2/logs/receipts/<receipt>."""
    routes = Blueprint("receipts", __name__)

    @routes.get("/1.2/logs/receipts/<receipt>")
    def show(receipt: str) -> Response:
        found = receipts.read(receipt, gate.enter(request, RECEIPTS).client.name)
        if found is None:
            raise ApiError(404, NOT_FOUND, "There is no such receipt of yours.")
        facts = topic_facts()
        if facts is None:
            raise unavailable("Kafka can't be asked at the moment.")
        try:
            state = receipt_state(found, facts, progress)
        except KafkaException:
            raise unavailable("Kafka can't be asked at the moment.") from None
        body = {"receipt": receipt, "state": state.state, "requestId": str(found.request_id)}
        if state.remark is not None:
            body["remark"] = state.remark
        return Response(orjson.dumps(body), content_type=JSON, headers=_backlog(progress, facts))

    return routes


def _backlog(progress: Progress, facts: TopicFacts) -> dict[str, str]:
    """The header that says how far the persister is behind; left out when the brokers don't tell."""
    try:
        return {"X-Backlog-Seconds": str(progress.backlog_seconds(facts.partitions))}
    except KafkaException:
        return {}
