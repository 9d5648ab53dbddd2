"""The endpoints of the log streams: one that takes logs, and one that only says whether it would."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

import orjson
from flask import Blueprint, Response, g, request

from app.errors import ApiError
from app.formats import JSON
from app.gateway.gate import Gate
from app.logs.body import read_body
from app.logs.intake import Accepted, Intake
from app.logs.receipts import Receipts
from app.logs.submission import Publisher, Sender, check_country, publish, read_sender
from common.metrics import Metrics


@dataclass(frozen=True)
class LogDoor:
    """Takes requests with logs: all logs of one are acknowledged by Kafka, or none is kept."""

    gate: Gate
    publisher: Publisher
    receipts: Receipts
    metrics: Metrics

    def take(self, intake: Intake) -> Response:
        """Validates and publishes the logs of a request; the reply leaves after the acknowledgement."""
        sender, accepted = self._read(intake)
        stream = intake.stream.name
        published = publish(self.publisher, self.metrics, stream, sender, accepted)
        self.metrics.count("logs.accepted", len(accepted.items), [f"stream:{stream}"])
        receipt = self.receipts.write(published, sender.request_id, sender.client.name)
        return Response(b"{}", content_type=JSON, headers={"X-Receipt": receipt})

    def check(self, intake: Intake) -> Response:
        """Validates the logs of a request exactly as `take` does, and keeps nothing."""
        _, accepted = self._read(intake)
        return Response(orjson.dumps({"valid": True, "logs": len(accepted.items)}), content_type=JSON)

    def _read(self, intake: Intake) -> tuple[Sender, Accepted]:
        g.stream = intake.stream.name
        visit = self.gate.enter(request)
        check_country(visit.parameters)
        sender = read_sender(visit.client, g.request_id, request.headers)
        try:
            return sender, intake.read(read_body(request))
        except ApiError as error:
            for problem in error.problems:
                self.metrics.count("logs.refused", tags=[f"rule:{problem.rule}", f"stream:{g.stream}"])
            raise


def log_routes(door: LogDoor, intakes: Iterable[Intake]) -> Blueprint:
    """Two endpoints for each stream."""
    routes = Blueprint("logs", __name__)
    for intake in intakes:
        stream = intake.stream
        routes.add_url_rule(stream.path, stream.name, partial(door.take, intake), methods=["POST"])
        checked = f"{stream.path}/validate"
        routes.add_url_rule(checked, f"{stream.name}_validate", partial(door.check, intake), methods=["POST"])
    routes.after_request(_say_what_is_kept)
    return routes


def _say_what_is_kept(reply: Response) -> Response:
    """Nothing of a request that was wrong; what is kept of others, their errors say themselves."""
    if HTTPStatus.BAD_REQUEST <= reply.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        reply.headers["X-Kept"] = "no"
    return reply
