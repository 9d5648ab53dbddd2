"""App, persister and nginx as containers, on the stores of a stack."""

import os
import signal
import time
from collections.abc import Callable, Mapping

from devstack.mariadb_settings import REGION
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import answers
from devstack.stack import Stack
from devstack.waiting import wait_until_ready
from tests.image.engine import ENTRY, Engine

READY_SECONDS = 60.0
STOP_SECONDS = 60.0
#: Where the entrypoint writes what CA_PEM says.
CA_FILE = "/run/playlog/ca.pem"


class Containers:
    """The three of them, with what ecs-task-def.json would give them."""

    def __init__(self, runs: Engine, stack: Stack) -> None:
        self._runs, self._stack = runs, stack
        ports = Ports()
        self._web, self._status, self._door, self._private = (ports.take(None) for _ in range(4))
        self._beside = [f"{HOST}:{ports.take(None)}" for _ in range(3)]
        self._children = {name: Child(f"image-{name}", stack.home) for name in ("nginx", "app", "persister")}

    @property
    def url(self) -> str:
        """The door."""
        return f"http://{HOST}:{self._door}"

    def start(self) -> None:
        """Starts each and waits until it is ready; says how long that took."""
        app = self._environ("serve") | {
            "WEB_BIND": f"{HOST}:{self._web}",
            "RUNTIME_DIR": "/run/playlog",
            "CLIENT_LIST_FILE": "/var/lib/playlog/clients.json",
            "DRAIN_SECONDS": "0",
        }
        self._start("app", "app", app, f"http://{HOST}:{self._web}/ready", "serve")
        persister = self._environ("consume") | {"CONSUMER_STATUS_BIND": f"{HOST}:{self._status}"}
        self._start("persister", "app", persister, f"http://{HOST}:{self._status}/ready", "consume")
        follow, compare, told = self._beside
        nginx = self._environ("moves") | {
            "NGINX_LISTEN": f"{HOST}:{self._door}",
            "NGINX_PRIVATE_LISTEN": f"{HOST}:{self._private}",
            "NGINX_UPSTREAM": f"{HOST}:{self._web}",
            # Any server will do: nothing is asked of it here.
            "LEGACY_UPSTREAM": f"{HOST}:{self._web}",
            "FOLLOW_STATUS_BIND": follow,
            "COMPARE_STATUS_BIND": compare,
            "COMPARE_BIND": told,
        }
        self._start("nginx", "nginx", nginx, f"http://{HOST}:{self._private}/nginx")

    def follow(self) -> int:
        """The follower within nginx's container has nginx serve what is moved; 0 when it does."""
        wait_until_ready(self._children["nginx"], lambda: answers(f"http://{self._beside[0]}/ready"), READY_SECONDS)
        wait_until_ready(self._children["nginx"], lambda: answers(f"http://{self._beside[1]}/ready"), READY_SECONDS)
        move = ("add", "--path", "/1.2/track/details", "--force", "--reason", "a test")
        done = self._stack.run_word("move", *move)
        print(done.stdout.strip(), done.stderr.strip(), sep="\n", flush=True)
        return done.returncode

    def has_left(self) -> int:
        """0 when the nginx that was stopped has said so: nobody waits for it."""
        left = self._stack.mariadb.execute("SELECT name FROM move_nginx", REGION).split()
        if left:
            print(f"nginx was stopped, and {', '.join(left)} is waited for still", flush=True)
        return len(left)

    def stop(self) -> int:
        """Ends each as ECS does; 0 when all ended by themselves, in time."""
        failed = 0
        for name, child in self._children.items():
            number = signal.SIGQUIT if name == "nginx" else signal.SIGTERM
            began = time.monotonic()
            os.kill(self._runs.process_of(child.pid), number)
            status = child.wait(STOP_SECONDS)
            print(f"{name:<10} ended after {time.monotonic() - began:4.1f} s with status {status}", flush=True)
            failed |= status != 0
        return failed

    def kill(self) -> None:
        """Whatever is left."""
        for child in self._children.values():
            child.kill()

    def _environ(self, word: str) -> dict[str, str]:
        assert self._stack.closed is not None
        ca = self._stack.closed.certificates.ca
        given = {name: value.replace(str(ca), CA_FILE) for name, value in self._stack.environ(word).items()}
        return given | {"CA_PEM": ca.read_text()}

    def _start(self, name: str, image: str, environ: Mapping[str, str], url: str, *word: str) -> None:
        is_ready: Callable[[], bool] = lambda: answers(url)  # noqa: E731
        began = time.monotonic()
        argv = self._runs.command(image, environ, [], [ENTRY[image], *word])
        self._children[name].launch(argv, os.environ)
        wait_until_ready(self._children[name], is_ready, READY_SECONDS)
        print(f"{name:<10} ready after {time.monotonic() - began:4.1f} s", flush=True)
