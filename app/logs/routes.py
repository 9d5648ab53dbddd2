"""The endpoints of the log streams: one that takes logs, and one that only says whether it would."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, g, request

from app.errors import ApiError
from app.formats import JSON, answer_alike, body_format, reply_format
from app.gateway.gate import Gate
from app.gateway.services import Service
from app.logs.body import check_format, read_body
from app.logs.intake import Accepted, Intake
from app.logs.query import read_query
from app.logs.replies import taken, valid
from app.logs.submission import Publisher, Sender, publish, read_sender
from common.metrics import Metrics
from common.receipts import Receipts


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
        self.metrics.count("logs.accepted", accepted.count, [f"stream:{stream}"])
        receipt = self.receipts.write(published, sender.request_id, sender.client.name)
        form = reply_format(request)
        body = taken(intake.stream, accepted.count, form)
        reply = Response(body, content_type=form)
        reply.headers["X-Receipt"] = receipt
        return reply

    def check(self, intake: Intake) -> Response:
        """Validates the logs of a request exactly as `take` does, and keeps nothing."""
        _, accepted = self._read(intake)
        form = reply_format(request)
        return Response(valid(accepted.count, form), content_type=form)

    def _read(self, intake: Intake) -> tuple[Sender, Accepted]:
        g.stream = intake.stream.name
        if intake.stream.takes_xml:
            answer_alike(body_format(request) or JSON)
        visit = self.gate.enter(request, Service(f"logs.{intake.stream.name}"))
        query = read_query(intake.stream, visit.parameters)
        sender = read_sender(visit.client, g.request_id, request.environ)
        try:
            form = check_format(request, intake.stream.takes_xml)
            return sender, intake.read(read_body(request), query, form)
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
