"""Makes the web application out of its parts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from flask import Flask

from app.access import watch_requests
from app.errors import handle_errors
from app.gateway.clients import Clients
from app.gateway.decide import Quota
from app.gateway.gate import Books, Gate
from app.gateway.limits_routes import limits_routes
from app.gateway.nginx_routes import nginx_routes
from app.gateway.sealed import SealingKeys
from app.gateway.verdicts import Verdicts
from app.health import health_routes, readiness
from app.logs.intake import Intake
from app.logs.progress import Progress
from app.logs.receipt_routes import receipt_routes
from app.logs.routes import LogDoor, log_routes
from app.logs.stream import read_streams
from app.logs.submission import Publisher
from app.logs.topic_watch import TopicFacts
from app.logs.validation import Validation
from app.openapi.routes import openapi_routes
from app.tracks.making import Catalogue
from app.tracks.quick import QuickAnswers
from app.tracks.routes import TrackDoor, track_routes
from common.clock import Clock
from common.metrics import Metrics
from common.receipts import Receipts


class Topic(Protocol):
    """What the app asks of app.logs.topic_watch.TopicWatch."""

    @property
    def facts(self) -> TopicFacts | None: ...

    @property
    def problems(self) -> Sequence[str]: ...


def create_app(
    *,
    clients: Clients,
    quota: Quota,
    books: Books,
    keys: SealingKeys,
    verdicts: Verdicts,
    publisher: Publisher,
    catalogue: Catalogue,
    topic: Topic,
    progress: Progress,
    receipts: Receipts,
    clock: Clock,
    metrics: Metrics,
    drain_file: Path,
) -> Flask:
    """The web application. All that it works with is passed in: nothing is connected to, or read, here."""
    app = Flask("app", static_folder=None)
    # A path with doubled slashes is none of ours: 404, and no redirect that a POST would follow.
    app.url_map.merge_slashes = False
    gate = Gate(clients, quota, books, keys, clock, metrics, verdicts)
    streams = read_streams()
    intakes = [Intake(stream, Validation(stream), clock, metrics) for stream in streams]
    door = LogDoor(gate, publisher, receipts, metrics)
    app.register_blueprint(log_routes(door, intakes))
    app.register_blueprint(receipt_routes(gate, receipts, progress, lambda: topic.facts))

    def reasons() -> list[str]:
        return readiness(drain_file, clients, [*topic.problems, *publisher.problems])

    app.register_blueprint(health_routes(clock, reasons, gate))
    app.register_blueprint(openapi_routes(streams))
    app.register_blueprint(limits_routes(gate, clock))
    app.register_blueprint(track_routes(TrackDoor(gate, catalogue, clock)))
    app.register_blueprint(nginx_routes(gate, quota, verdicts))
    app.wsgi_app = QuickAnswers(app.wsgi_app, gate, catalogue, clock, metrics)  # type: ignore[method-assign]
    watch_requests(app, clock, metrics, gate.settle)
    handle_errors(app)
    return app
