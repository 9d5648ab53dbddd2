"""The limits of `bench-catalogue`: a Flask route that answers a fixed body, and nginx that serves it as a file."""

import os
import signal
import sys
from pathlib import Path

from flask import Flask, Response

from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.programs import program
from devstack.service import REPOSITORY, answers, child_environ
from devstack.stack import Stack
from devstack.waiting import wait_until_ready

READY_SECONDS = 20.0
#: The path under which nginx.conf knows the real one.
PATH = "/1.2/track/details"
#: The environment variable that names the file with the body.
BODY_FILE = "BENCH_BODY_FILE"

STATIC_CONF = """
worker_processes auto;
pid static.pid;
error_log stderr alert;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000;
  default_type application/xml;
  server {{
    listen {host}:{port};
    root {folder};
  }}
}}
"""


def build() -> Flask:
    """The application: no gateway, no look-up, one body."""
    app = Flask("bare", static_folder=None)
    body = Path(os.environ[BODY_FILE]).read_bytes()

    @app.get(PATH)
    @app.get("/ready")
    def details() -> Response:
        return Response(body, content_type="application/xml; charset=utf-8")

    return app


class BareDetails:
    """Served as the app is: gunicorn with the same settings, behind an nginx with the same configuration."""

    def __init__(self, stack: Stack, body: Path) -> None:
        self.child = Child("bare", stack.home)
        self._app_port = Ports().take()
        self.nginx = Nginx(stack.home / "bare", Ports(), lambda: self._app_port)
        own = {"WEB_BIND": f"{HOST}:{self._app_port}", BODY_FILE: str(body)}
        self._environ = stack.environ("serve") | own

    def __enter__(self) -> "BareDetails":
        config = str(REPOSITORY / "gunicorn.conf.py")
        argv = [sys.executable, "-m", "gunicorn", "--config", config, "bench.bare_details:build()"]
        self.child.launch(argv, child_environ(self._environ), REPOSITORY)
        wait_until_ready(self.child, lambda: answers(f"http://{HOST}:{self._app_port}/ready"), READY_SECONDS)
        self.nginx.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.nginx.stop()
        self.child.stop()


class StaticFile:
    """nginx and a file: nothing can be quicker through nginx."""

    def __init__(self, stack: Stack, body: Path) -> None:
        self.child = Child("static", stack.home)
        self.port = Ports().take()
        self._folder = stack.home / "static"
        self._body = body
        self.path = f"/{body.name}"

    def __enter__(self) -> "StaticFile":
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "nginx.conf"
        config.write_text(STATIC_CONF.format(host=HOST, port=self.port, folder=self._body.parent))
        user = "user root; " if os.geteuid() == 0 else ""
        argv = [program("nginx"), "-p", f"{self._folder}/", "-e", "stderr", "-c", str(config)]
        self.child.launch([*argv, "-g", f"{user}daemon off;"], os.environ)
        wait_until_ready(self.child, lambda: answers(f"http://{HOST}:{self.port}{self.path}"), READY_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop(3.0, signal.SIGQUIT)
