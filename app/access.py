"""Gives each request its id, and measures it. nginx writes the access log, without query strings."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, g, request

from app.gateway.decision import Decision, headers_of
from app.logs.body import drop_body
from app.request_ids import new_request_id
from common.clock import Clock
from common.metrics import Metrics

#: Asked every second by whoever watches the process: not worth a measurement.
UNMEASURED = frozenset({"/health", "/ready"})


def watch_requests(app: Flask, clock: Clock, metrics: Metrics, settle: Callable[[Decision], Decision]) -> None:
    """The id is ours, never the sender's: it is the record's, and stands in every reply.

    What the gateway decided stands in the reply too, and `settle` takes a request back that we failed to serve. nginx
    writes X-Gw-Client and X-Gw-Charged-On into its log, and hands them to nobody.
    """

    @app.before_request
    def start() -> None:
        g.request_id = new_request_id(clock)
        g.started = clock.monotonic()
        g.stream = "none"

    @app.after_request
    def finish(reply: Response) -> Response:
        # Nobody else sets these: to add is quicker than to look for one of the name first.
        reply.headers.add("X-Request-Id", str(g.request_id))
        decision: Decision | None = g.get("decision")
        if decision is not None:
            if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                decision = settle(decision)
            _tell(decision, reply)
        drop_body(request)
        if request.path not in UNMEASURED:
            measure(metrics, reply.status_code, g.stream, (clock.monotonic() - g.started) * 1000)
        return reply


def measure(metrics: Metrics, status: int, stream: str, milliseconds: float) -> None:
    """Counts and times one request."""
    tags = [f"status:{status:d}", f"stream:{stream}"]
    metrics.count("http.requests", tags=tags)
    metrics.timing("http.time", milliseconds, tags)


def log_headers(decision: Decision) -> list[tuple[str, str]]:
    """What nginx writes into its log, and hands to nobody."""
    found = []
    if decision.client is not None:
        found.append(("X-Gw-Client", decision.client.name))
    if decision.charged_on is not None:
        found.append(("X-Gw-Charged-On", decision.charged_on.isoformat()))
    return found


def _tell(decision: Decision, reply: Response) -> None:
    for name, value in headers_of(decision).items():
        # A reply that says itself when to come back knows better.
        reply.headers.setdefault(name, value)
    for name, value in log_headers(decision):
        reply.headers.add(name, value)
