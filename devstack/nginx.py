"""nginx in front of the app, with the top-level nginx.conf rendered for this stack."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.ports import HOST, Ports
from devstack.process import Child, ProcessFailed
from devstack.programs import program
from devstack.service import REPOSITORY, answers
from devstack.waiting import wait_or_choose_again, wait_until_ready

TEMPLATE = REPOSITORY / "nginx.conf"
# One renderer for the devstack, the image and docker compose; mawk, gawk and busybox run it alike.
RENDERER = REPOSITORY / "deploy" / "render_nginx.awk"
#: The map of what is moved, of an nginx that nobody has told of one.
UNMOVED = REPOSITORY / "deploy" / "unmoved.conf"
RENDER_SECONDS = 10.0
TEST_SECONDS = 20.0
READY_SECONDS = 15.0
#: Nobody need listen there: nginx tells the comparator by datagrams, and waits for no answer.
COMPARE_PORT = 8082
STOP_SECONDS = 3.0
#: As deploy/nginx.sh has them: before a reload, and until the old workers take no connections any more.
CLOSING_SECONDS, TAKEN_SECONDS = 0.2, 0.4


def render(environ: Mapping[str, str], template: Path = TEMPLATE) -> str:
    """Fills the template's names in; raises ProcessFailed naming one that has no value."""
    argv = ["awk", "-f", str(RENDERER), str(template)]
    path = {"PATH": os.environ.get("PATH", os.defpath)}
    done = subprocess.run(
        argv, env=path | dict(environ), capture_output=True, text=True, timeout=RENDER_SECONDS, check=False
    )
    if done.returncode:
        raise ProcessFailed(f"{template} can't be rendered: {done.stderr.strip()}")
    return done.stdout


class Nginx:
    """The only door to the app, and to a legacy API (HOST:PORT) if there is one.

    Ready when its private listener answers, whatever the app says.
    """

    def __init__(
        self,
        home: Path,
        ports: Ports,
        upstream_port: Callable[[], int],
        port: int | None = None,
        private_port: int | None = None,
        *,
        legacy: str | Callable[[], str] = "",
        compare_port: int = COMPARE_PORT,
    ) -> None:
        self.child = Child("nginx", home)
        self.port = 0
        self.private_port = 0
        #: The proxies whose forwarding headers are believed.
        self.trusted = ""
        self._folder = home / "nginx"
        self._config = home / "etc" / "nginx.conf"
        self._ports = ports
        self._upstream_port = upstream_port
        self._preferred = (port, private_port)
        #: Whose requests are told where their answer came from, and where the comparator listens.
        self.internal = HOST
        self.compare = f"{HOST}:{compare_port}"
        self._legacy = legacy

    def environ(self) -> dict[str, str]:
        """The names of the template, with this stack's values."""
        return {
            "NGINX_LISTEN": f"{HOST}:{self.port}",
            "NGINX_PRIVATE_LISTEN": f"{HOST}:{self.private_port}",
            "NGINX_UPSTREAM": f"{HOST}:{self._upstream_port()}",
            "TRUSTED_PROXIES": self.trusted,
            "LEGACY_UPSTREAM": self._legacy if isinstance(self._legacy, str) else self._legacy(),
            "INTERNAL_CALLERS": self.internal,
            "COMPARE_BIND": self.compare,
        }

    @property
    def follow_settings(self) -> dict[str, str]:
        """What `playlog moves follow` needs to handle this nginx."""
        return {
            "NGINX_CONFIG": str(self._config),
            "NGINX_PREFIX": str(self._folder),
            "NGINX_PRIVATE_LISTEN": f"{HOST}:{self.private_port}",
        }

    def start(self) -> None:
        """Renders, tests and starts; ports that somebody took meanwhile are chosen again."""
        self.launch()
        wait_or_choose_again(self)

    def launch(self) -> None:
        self.port = self._ports.take(self._preferred[0])
        self.private_port = self._ports.take(self._preferred[1])
        self._launch_process()

    def wait_once(self) -> None:
        wait_until_ready(self.child, self.is_ready, READY_SECONDS)

    def listens_on(self) -> tuple[int, ...]:
        return (self.port, self.private_port)

    def restart(self) -> None:
        """Starts nginx again on the ports that it has, for the app's port of now."""
        self._launch_process()
        self.wait_once()

    def reload(self) -> None:
        """Replaces the workers by new ones; what the old ones still do ends within worker_shutdown_timeout.

        Takes a moment, in which each answer closes its connection: no request is lost.
        """
        closing = self._folder / "reload" / "closing"
        closing.parent.mkdir(exist_ok=True)
        closing.touch()
        try:
            time.sleep(CLOSING_SECONDS)
            self.child.hang_up()
            time.sleep(TAKEN_SECONDS)
        finally:
            closing.unlink(missing_ok=True)

    def stop(self) -> None:
        """Lets requests that are under way end, for a moment."""
        self.child.stop(STOP_SECONDS, signal.SIGQUIT)

    def kill(self) -> None:
        self.child.kill()

    def is_ready(self) -> bool:
        return answers(f"http://{HOST}:{self.private_port}/nginx")

    def _launch_process(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Of a reload that was killed in the middle.
        (self._folder / "reload" / "closing").unlink(missing_ok=True)
        self._config.parent.mkdir(parents=True, exist_ok=True)
        self._config.write_text(render(self.environ()))
        moved = self._config.with_name("moved.conf")
        if not moved.exists():
            moved.write_bytes(UNMOVED.read_bytes())
        self._test()
        self.child.launch(self._command("daemon off;"), os.environ)

    def _test(self) -> None:
        done = subprocess.run(
            [*self._command(), "-t", "-q"], capture_output=True, text=True, timeout=TEST_SECONDS, check=False
        )
        if done.returncode:
            raise ProcessFailed(f"nginx refuses {self._config}: {done.stderr.strip()}")

    def _command(self, directives: str = "") -> list[str]:
        """The command line: our own prefix, so that pid and temporary files are ours, and no system log."""
        # Started as root, the workers would else be nobody, who can't enter the folders of a stack.
        user = "user root; " if os.geteuid() == 0 else ""
        return [
            program("nginx"),
            "-p",
            f"{self._folder}/",
            "-e",
            "stderr",
            "-c",
            str(self._config),
            "-g",
            user + directives,
        ]
