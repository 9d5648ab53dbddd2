"""One fault: a topic, the app behind nginx and a persister of its own, under load; then the count of every log."""

import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from confluent_kafka.admin import AdminClient

from common.config import load as load_settings
from common.kafka import KafkaSettings, TopicView
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.topics import PARTITIONS, create_play_logs
from tests.faults.load import Load
from tests.faults.stage import HOME, Stage
from tests.faults.task import Task
from tests.integration.topic_rig import eventually

READY_SECONDS = 60.0


class Scene:
    """The parts are started by `start`, and ended by `close`, whatever state the fault left them in."""

    def __init__(
        self,
        stage: Stage,
        *,
        partitions: int = PARTITIONS,
        tasks: int = 1,
        app: Mapping[str, str] | None = None,
        persister: Mapping[str, str] | None = None,
        by_link: bool = False,
    ) -> None:
        self.stage, self.stack = stage, stage.stack
        self.topic = f"test-logs-{uuid.uuid4().hex[:10]}"
        self.group = f"group-{self.topic}"
        self.client = f"client-{self.topic}"
        self._partitions, self._overrides, self._by_link = partitions, dict(persister or {}), by_link
        self.tasks = [Task(self.stack, self.topic, self.group, number, app or {}) for number in range(tasks)]
        self.persisters: list[Child] = []
        bootstrap = self.stack.kafka.bootstrap
        self.view = TopicView(load_settings(KafkaSettings, {"KAFKA_BOOTSTRAP": bootstrap}))
        self.admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        self.load: Load | None = None
        self.key = self.foreign_key = ""

    # ---- its parts ----

    def make_topic(self) -> None:
        create_play_logs(self.stack.kafka.bootstrap, self.topic, len(self.stack.kafka.nodes), self._partitions)

    def start(self, *, persisters: int = 1, rate: float = 40) -> "Scene":
        """Makes the topic, starts the parts and then the load; returns once logs are accepted."""
        self.stage.empty_database()
        # Before the app starts: a client that is added later isn't known for the first seconds.
        self.key = self.word("clients", "add", self.client, "--allow", "logs.*").split()[0]
        self.foreign_key = self.word("clients", "add", f"other-{self.topic}", "--allow", "logs.*").split()[0]
        self.make_topic()
        for task in self.tasks:
            task.launch()
        for _ in range(persisters):
            self.start_persister()
        for task in self.tasks:
            task.app.wait()
        self.load = Load(self.door, self.key, self.topic, rate)
        self.load.start()
        eventually(lambda: len(self.senders.accepted) > rate, "requests are accepted", READY_SECONDS)
        if persisters:
            eventually(lambda: self.position() > 0, "logs are stored", READY_SECONDS)
        return self

    @property
    def senders(self) -> Load:
        assert self.load is not None, "the load is started by start()"
        return self.load

    def door(self) -> int:
        """Where the senders send to."""
        return self.tasks[0].nginx.port

    def persister_environ(self) -> dict[str, str]:
        own = {"PLAY_LOGS_TOPIC": self.topic, "CONSUMER_GROUP": self.group, "FLUSH_SECONDS": "0.1"}
        environ = self.stack.environ("consume") | own | self._overrides
        if self._by_link:
            environ["KAFKA_BOOTSTRAP"] = self.stack.kafka.far_bootstrap
            port = self.stack.mariadb.port
            environ["DATACENTRE_DB_URL"] = environ["DATACENTRE_DB_URL"].replace(
                f":{port}/", f":{self.stage.database_door()}/"
            )
        return environ

    def start_persister(self, *arguments: str, **overrides: str) -> Child:
        """Starts one persister more, without waiting for it."""
        port = Ports().take(None)
        environ = self.persister_environ() | {"CONSUMER_STATUS_BIND": f"{HOST}:{port}"} | overrides
        child = Child(f"persister-{self.topic}-{len(self.persisters)}", HOME)
        child.launch(word_command("consume", *arguments), child_environ(environ), REPOSITORY)
        self.persisters.append(child)
        return child

    def close(self) -> None:
        if self.load is not None:
            self.load.stop(0)
        for child in self.persisters:
            child.stop(5)
        for task in self.tasks:
            task.stop()

    # ---- what they say ----

    def word(self, word: str, *arguments: str) -> str:
        """Runs `playlog WORD` on this topic; what it printed. Fails on another exit status than 0."""
        done = self.run_word(word, *arguments)
        if done[0] != 0:
            raise AssertionError(f"playlog {word} {' '.join(arguments)} ended with {done[0]}:\n{done[1]}\n{done[2]}")
        return done[1]

    def run_word(self, word: str, *arguments: str) -> tuple[int, str, str]:
        """Exit status, output, errors."""
        own = {"PLAY_LOGS_TOPIC": self.topic, "CONSUMER_GROUP": self.group, "CONSUMER_STATUS_BIND": f"{HOST}:8090"}
        environ = self.stack.environ(word) | own
        done = subprocess.run(
            word_command(word, *arguments),
            env=child_environ(environ),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def sql(self, statement: str) -> list[list[str]]:
        """Rows, as text, by the administrator's socket."""
        return [line.split("\t") for line in self.stack.mariadb.execute(statement, "playlog_datacentre").splitlines()]

    def ends(self) -> dict[int, int]:
        """The end offset of each partition."""
        return self.view.ends(self.topic, list(range(self.view.describe(self.topic)[1])))

    def position(self) -> int:
        """How many records of the topic the ledger has passed."""
        found = self.sql(f"SELECT COALESCE(SUM(next_offset), 0) FROM consumer_offset WHERE topic = '{self.topic}'")
        return int(found[0][0])

    def log_of(self, child: Child) -> str:
        path: Path = child.log_path
        return path.read_text()

    def wait_for_line(self, child: Child, text: str, seconds: float = 40.0) -> None:
        """Waits until the process has logged a text."""
        eventually(lambda: text in self.log_of(child), f"{child.name} says {text!r}", seconds)

    def run_on(self, seconds: float) -> None:
        """Lets the load go on."""
        time.sleep(seconds)
