"""One task of the region: the app, and the nginx in front of it."""

from collections.abc import Mapping

from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from devstack.service import Service
from devstack.stack import Stack
from tests.faults.stage import HOME


class Task:
    """The app and its nginx, as one task of the region."""

    def __init__(self, stack: Stack, topic: str, group: str, number: int, overrides: Mapping[str, str]) -> None:
        self._stack, self._topic, self._group, self._overrides = stack, topic, group, dict(overrides)
        self._home = HOME / topic / f"task-{number}"
        self.app = Service(f"app-{topic}-{number}", "serve", HOME, Ports(), self.environ)
        self.nginx = Nginx(self._home, Ports(), lambda: self.app.port)

    def environ(self) -> dict[str, str]:
        own = {
            "WEB_BIND": f"{HOST}:{self.app.port}",
            "WEB_THREADS": "24",
            "PLAY_LOGS_TOPIC": self._topic,
            "CONSUMER_GROUP": self._group,
            "RUNTIME_DIR": str(self._home / "run"),
            "CLIENT_LIST_FILE": str(self._home / "clients.json"),
        }
        return self._stack.environ("serve") | own | self._overrides

    def launch(self) -> None:
        self.app.launch()
        self.nginx.start()

    def stop(self) -> None:
        self.nginx.stop()
        self.app.stop()
