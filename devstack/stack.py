"""The whole of Playlog on one machine as one object: the parts that are wanted, started and stopped in order."""

import fcntl
import os
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from devstack.closed_links import ClosedLinks
from devstack.kafka import Kafka
from devstack.leftovers import stop_leftovers
from devstack.mariadb import MariaDB
from devstack.nginx import Nginx
from devstack.parts import ALL, Part, start_parts
from devstack.ports import Ports
from devstack.process import Child, ProcessFailed
from devstack.secrets_file import SecretsFile
from devstack.service import REPOSITORY, Service, child_environ, word_command
from devstack.standin import Standin
from devstack.words import Places, settings

LIBS = REPOSITORY / ".local" / "kafka" / "libs"
WORD_SECONDS = 120.0


class Stack:
    """Starts, kills, restarts and stops the parts; tells each word its settings.

    Data stays under `home`. Every server listens on 127.0.0.1 only, on a port that was free; a port of
    `preferred` (by the names of `Places`' ports, and "kafka") is used where it can be had. A stack that `is_closed`
    has TLS, passwords and rules on every link to a store. One that `is_test` has the test mark (devstack/test_mark.py),
    without which nothing sends it a load or breaks it. `far_door` is Kafka's.
    """

    def __init__(
        self,
        home: Path,
        parts: frozenset[Part] = ALL,
        *,
        libs: Path = LIBS,
        preferred: Mapping[str, int] | None = None,
        kafka_nodes: int = 1,
        kafka_settings: Mapping[str, str] | None = None,
        mariadb_options: Sequence[str] = (),
        overrides: Mapping[str, Mapping[str, str]] | None = None,
        is_closed: bool = False,
        is_test: bool = False,
        far_door: Callable[[int], int] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.home = home.resolve()
        self.parts = parts
        self.secrets = SecretsFile(self.home)
        wish = dict(preferred or {})
        ports = Ports()
        self.closed = ClosedLinks(self.home, self.secrets) if is_closed else None
        closed_kafka = self.closed.kafka if self.closed else None
        self.is_test = is_test
        self.kafka = Kafka(
            self.home, libs, ports, kafka_nodes, kafka_settings, wish.get("kafka"), closed_kafka, far_door
        )
        tls_options = self.closed.mariadb_options() if self.closed else []
        self.mariadb = MariaDB(self.home, ports, [*mariadb_options, *tls_options], wish.get("mariadb"))
        self.persister = self._service("persister", "consume", ports, wish.get("consumer_status"))
        self.producer = self._service("producer", "catalogue-produce", ports, wish.get("producer_status"))
        self.sink = self._service("sink", "catalogue-consume", ports, wish.get("sink_status"))
        self.app = self._service("app", "serve", ports, wish.get("web"))
        self.legacy = Standin(self.home, ports, lambda: self.environ("catalogue"), wish.get("legacy"))
        self.compare_port = ports.take(wish.get("compare"), socket.SOCK_DGRAM)
        self.nginx = Nginx(
            self.home,
            ports,
            lambda: self.app.port,
            wish.get("nginx"),
            wish.get("nginx_private"),
            legacy=lambda: self.legacy.address if Part.LEGACY in parts else "",
            compare_port=self.compare_port,
        )
        self.follower = self._service("follower", "moves", ports, wish.get("follow_status"), "follow")
        self.comparator = self._service("comparator", "moves", ports, wish.get("compare_status"), "compare")
        self._overrides = {word: dict(values) for word, values in (overrides or {}).items()}
        self.say = say
        self._lock: int | None = None

    def places(self) -> Places:
        return Places(
            kafka=self.kafka.bootstrap,
            mariadb_port=self.mariadb.port,
            web_port=self.app.port,
            consumer_status_port=self.persister.port,
            producer_status_port=self.producer.port,
            sink_status_port=self.sink.port,
            nginx_port=self.nginx.port,
            nginx_private_port=self.nginx.private_port,
            legacy_port=self.legacy.port,
            follow_status_port=self.follower.port,
            compare_status_port=self.comparator.port,
            compare_port=self.compare_port,
            links=self.closed.links if self.closed else None,
        )

    def environ(self, word: str) -> dict[str, str]:
        """The settings of `playlog WORD` on this stack: nothing else of the environment is in it."""
        return settings(word, self.home, self.places(), self.secrets) | self._overrides.get(word, {})

    def run_word(
        self, word: str, *arguments: str, stdin: str | None = None, seconds: float = WORD_SECONDS
    ) -> subprocess.CompletedProcess[str]:
        """Runs `playlog WORD ARGUMENTS` to its end, with its settings, for at most so long."""
        return subprocess.run(
            word_command(word, *arguments),
            env=child_environ(self.environ(word)),
            cwd=REPOSITORY,
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def claim(self) -> None:
        """Makes this process the only one to run this stack, and stops what an earlier one left behind."""
        if self._lock is not None:
            return
        path = self.home / "run" / "lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise ProcessFailed(f"a stack runs already in {self.home}: stop it where it was started") from error
        self._lock = lock
        for name in stop_leftovers(self.home / "run", self.home):
            self.say(f"stopped {name}, left over from an earlier run")

    def start(self) -> None:
        """Starts the parts; when one fails, stops those already started and raises ProcessFailed."""
        self.claim()
        try:
            self.secrets.make_missing()
            start_parts(self)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops all, the door first and the stores last; the data stays."""
        beside = (self.follower, self.comparator)
        behind = (self.app, self.legacy, self.persister, self.producer, self.sink)
        for services in (beside, (self.nginx,), behind):
            if services != (self.nginx,):
                # Side by side; each is waited for below.
                for service in services:
                    service.child.ask_to_stop()
            for service in services:
                service.stop()
        for store in (self.kafka, self.mariadb):
            store.stop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def dead(self) -> list[Child]:
        """The processes that ended by themselves."""
        return [child for child in self.children() if child.died]

    def children(self) -> list[Child]:
        """The first process of each part, started or not."""
        nodes = (node.child for node in self.kafka.nodes)
        services = (self.persister, self.producer, self.sink, self.app, self.legacy, self.follower, self.comparator)
        return [*nodes, self.mariadb.child, *(each.child for each in services), self.nginx.child]

    def _service(self, name: str, word: str, ports: Ports, port: int | None, *arguments: str) -> Service:
        return Service(name, word, self.home, ports, lambda: self.environ(word), port, arguments)
