"""Gives each request its id, and measures it. nginx writes the access log, without query strings."""

from flask import Flask, Response, g, request

from app.logs.body import drop_body
from app.request_ids import new_request_id
from common.clock import Clock
from common.metrics import Metrics

#: Asked every second by whoever watches the process: not worth a measurement.
UNMEASURED = frozenset({"/health", "/ready"})


def watch_requests(app: Flask, clock: Clock, metrics: Metrics) -> None:
    """The id is ours, never the sender's: it is the record's, and stands in every reply."""

    @app.before_request
    def start() -> None:
        g.request_id = new_request_id(clock)
        g.started = clock.monotonic()
        g.stream = "none"

    @app.after_request
    def finish(reply: Response) -> Response:
        reply.headers["X-Request-Id"] = str(g.request_id)
        drop_body(request)
        if request.path not in UNMEASURED:
            tags = [f"status:{reply.status_code}", f"stream:{g.stream}"]
            metrics.count("http.requests", tags=tags)
            metrics.timing("http.time", (clock.monotonic() - g.started) * 1000, tags)
        return reply
