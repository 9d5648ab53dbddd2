"""Is the process alive, may it be sent requests, and what time is it here."""

from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
from flask import Blueprint, Response, request

from app.formats import JSON, XML, reply_format
from app.gateway.clients import Clients
from app.gateway.gate import Gate
from app.gateway.services import STATUS
from common.clock import Clock

STATUS_XML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<response status="ok" version="1.2">'
    "<serviceStatus><serverTime>{now}</serverTime></serviceStatus></response>"
)


def readiness(drain_file: Path, clients: Clients, kafka_problems: Sequence[str]) -> list[str]:
    """Why this process should get no requests; empty when it may."""
    reasons = ["This instance is stopping."] if drain_file.exists() else []
    if not clients.is_loaded:
        reasons.append("There is no list of clients yet: check REGION_DB_URL and its database.")
    return reasons + list(kafka_problems)


def health_routes(clock: Clock, reasons: Callable[[], list[str]], gate: Gate) -> Blueprint:
    """/health for whoever restarts the process, /ready for the load balancer, /1.2/status for the clients."""
    routes = Blueprint("health", __name__)

    @routes.get("/health")
    def health() -> Response:
        return Response(b'{"alive":true}', content_type=JSON)

    @routes.get("/ready")
    def ready() -> Response:
        found = reasons()
        body = orjson.dumps({"ready": not found, "reasons": found})
        return Response(body, status=503 if found else 200, content_type=JSON)

    @routes.get("/1.2/status")
    def status() -> Response:
        gate.enter(request, STATUS)
        now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        if reply_format(request) == XML:
            return Response(STATUS_XML.format(now=now), content_type=XML)
        document = {"status": "ok", "version": "1.2", "serviceStatus": {"serverTime": now}}
        return Response(orjson.dumps(document), content_type=JSON)

    return routes
