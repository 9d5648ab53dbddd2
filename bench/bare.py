"""The limit of `bench-ingest`: a Flask route that reads the body and answers {}, under the app's gunicorn settings."""

import sys

from flask import Flask, Response, request

from bench.bodies import PATH
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, answers, child_environ
from devstack.stack import Stack
from devstack.waiting import wait_until_ready

READY_SECONDS = 20.0


def build() -> Flask:
    """The application. The app gets the very same requests."""
    app = Flask("bare", static_folder=None)

    @app.post(PATH)
    def read() -> Response:
        request.get_data()
        return Response(b"{}", content_type="application/json")

    @app.get("/ready")
    def ready() -> Response:
        return Response(b"{}", content_type="application/json")

    return app


class BareFlask:
    """Served as the app is: the same gunicorn.conf.py with the same settings, on a port of its own."""

    def __init__(self, stack: Stack) -> None:
        self.child = Child("bare", stack.home)
        self.port = Ports().take()
        self._environ = stack.environ("serve") | {"WEB_BIND": f"{HOST}:{self.port}"}

    def __enter__(self) -> "BareFlask":
        argv = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            str(REPOSITORY / "gunicorn.conf.py"),
            "bench.bare:build()",
        ]
        self.child.launch(argv, child_environ(self._environ), REPOSITORY)
        wait_until_ready(self.child, lambda: answers(f"http://{HOST}:{self.port}/ready"), READY_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop()
