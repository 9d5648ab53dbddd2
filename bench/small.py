"""A small endpoint without the gateway's check, behind it, and as a legacy API of its own: for `bench-gateway`."""

import os
import sys
from functools import partial

from flask import Flask, Response, g, request

from app.access import watch_requests
from app.config import AppConfig
from app.errors import handle_errors
from app.gateway.bookkeeper import Bookkeeper
from app.gateway.clients import Clients
from app.gateway.gate import Gate
from app.gateway.list_file import ListFile
from app.gateway.nginx_routes import nginx_routes
from app.gateway.quota import DailyQuota
from app.gateway.refresh import Refresher
from app.gateway.services import Service
from app.gateway.verdicts import Verdicts
from app.wsgi import BRIEFLY
from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.metrics import NoMetrics
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, answers, child_environ
from devstack.stack import Stack
from devstack.waiting import wait_until_ready

READY_SECONDS = 20.0
#: nginx.conf knows these paths: the first two lead to the app, the last to the legacy API behind auth_request.
UNCHECKED, CHECKED, LEGACY = "/health", "/1.2/limits", "/1.2/artist/small"
TRACKS = Service("tracks")


def build() -> Flask:
    """The application: the gateway's real parts, and three routes that all answer {}."""
    config = load(AppConfig, os.environ)
    clock, metrics = SystemClock(), NoMetrics()
    region = partial(connect, config.region, config.password, **BRIEFLY)
    clients = Clients(config.client_key_secret, clock)
    books = Bookkeeper(region, clock, metrics)
    quota = DailyQuota(books, clock)
    books.every_second(quota.give_back_old)
    gate = Gate(clients, quota, books, config.secret_keys, clock, metrics)
    Refresher(clients, quota.told, region, ListFile(config.client_list), clock, metrics).start()
    books.start()
    app = Flask("small", static_folder=None)

    @app.get(UNCHECKED)
    @app.get(LEGACY)
    def unchecked() -> Response:
        return Response(b"{}", content_type="application/json")

    @app.get(CHECKED)
    def checked() -> Response:
        gate.enter(request, TRACKS)
        assert g.decision is not None
        return Response(b"{}", content_type="application/json")

    app.register_blueprint(nginx_routes(gate, quota, Verdicts(config.client_key_secret, clock)))
    watch_requests(app, clock, metrics, gate.settle)
    handle_errors(app)
    return app


class Small:
    """Served as the app is: the same gunicorn.conf.py with the same settings, on a port of its own."""

    def __init__(self, stack: Stack) -> None:
        self.child = Child("small", stack.home)
        self.port = Ports().take()
        self._environ = stack.environ("serve") | {"WEB_BIND": f"{HOST}:{self.port}"}

    def __enter__(self) -> "Small":
        config = str(REPOSITORY / "gunicorn.conf.py")
        argv = [sys.executable, "-m", "gunicorn", "--config", config, "bench.small:build()"]
        self.child.launch(argv, child_environ(self._environ), REPOSITORY)
        wait_until_ready(self.child, lambda: answers(f"http://{HOST}:{self.port}{UNCHECKED}"), READY_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop()
