"""A web process with a topic and an nginx of its own, on the shared stack; and what a sender does with it."""

import json
import subprocess
import uuid
from collections.abc import Mapping

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from common.records import RequestRecord, read_record
from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from devstack.service import Service
from devstack.topics import PARTITIONS, create_play_logs
from tests.children import children_of
from tests.integration.ingest_sender import Sender
from tests.integration.shared_stack import HOME, shared_stack
from tests.integration.topic_rig import eventually


class IngestRig(Sender):
    """Started once a test class. `port` is nginx's; `service.port` the web process's own."""

    def __init__(self, overrides: Mapping[str, str] | None = None, *, has_nginx: bool = True) -> None:
        self.stack = shared_stack()
        name = uuid.uuid4().hex[:12]
        self.topic = f"ingest-{name}"
        self.group = f"group-{name}"
        self.home = HOME / self.topic
        self._overrides = dict(overrides or {})
        self.admin = AdminClient({"bootstrap.servers": self.stack.kafka.bootstrap, "log_level": 0})
        self._watcher = self.consumer()
        self.service = Service(f"app-{name}", "serve", HOME, Ports(), self.environ)
        self.nginx = Nginx(self.home, Ports(), lambda: self.service.port) if has_nginx else None
        self.key = self.add_client(f"client-{name}")

    def environ(self) -> dict[str, str]:
        """The settings of the web process."""
        own = {
            "WEB_BIND": f"{HOST}:{self.service.port}",
            "WEB_THREADS": "16",
            "PLAY_LOGS_TOPIC": self.topic,
            "CONSUMER_GROUP": self.group,
            "RUNTIME_DIR": str(self.home / "run"),
            "CLIENT_LIST_FILE": str(self.home / "clients.json"),
        }
        return self.stack.environ("serve") | own | self._overrides

    def start(self) -> "IngestRig":
        create_play_logs(self.stack.kafka.bootstrap, self.topic)
        self.service.start()
        if self.nginx is not None:
            self.nginx.start()
        return self

    def stop(self) -> None:
        if self.nginx is not None:
            self.nginx.stop()
        self.service.stop()
        self._watcher.close()
        self.admin.delete_topics([self.topic])

    def clients(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs `playlog clients`."""
        return self.stack.run_word("clients", *arguments)

    def add_client(self, name: str, *arguments: str) -> str:
        """Adds a client that may send logs; its key."""
        return self.add_signer(name, *arguments)[0]

    def add_signer(self, name: str, *arguments: str) -> tuple[str, str]:
        """As add_client; its key, and the secret that signs."""
        done = self.clients("add", name, "--allow", "logs.*", *arguments)
        if done.returncode:
            raise AssertionError(f"playlog clients add {name}: {done.stderr}")
        key, secret = done.stdout.split()
        return key, secret

    @property
    def port(self) -> int:
        return self.service.port if self.nginx is None else self.nginx.port

    def ready(self) -> tuple[int, list[str]]:
        """The status of /ready, and the reasons it gives."""
        reply = self.request("GET", "/ready", port=self.service.port)
        return reply.status, json.loads(reply.data)["reasons"]

    def is_alive(self) -> bool:
        """Whether /health answers."""
        try:
            return self.request("GET", "/health", port=self.service.port).status == 200
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        eventually(lambda: self.ready()[0] == 200, "the web process is ready")

    def wait_until_unready(self) -> None:
        eventually(lambda: self.ready()[0] == 503, "the web process isn't ready")

    def ends(self) -> dict[int, int]:
        """The end offset of each partition."""
        return {
            number: self._watcher.get_watermark_offsets(TopicPartition(self.topic, number), 10)[1]
            for number in range(PARTITIONS)
        }

    def records(self) -> list[RequestRecord]:
        """Every record of the topic, read as the persister reads it."""
        ends = self.ends()
        consumer = self.consumer()
        consumer.assign([TopicPartition(self.topic, number, 0) for number in ends])
        found: list[RequestRecord] = []
        try:
            while len(found) < sum(ends.values()):
                message = consumer.poll(10)
                if message is None:
                    raise AssertionError(f"{len(found)} of {sum(ends.values())} records were read")
                found.append(read_record(message.headers(), message.value()))  # type: ignore[arg-type]
        finally:
            consumer.close()
        return found

    def set_topic(self, name: str, value: str) -> None:
        """Changes one setting of the topic."""
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, self.topic, incremental_configs=[entry])
        for future in self.admin.incremental_alter_configs([resource]).values():
            future.result(10)

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        return sorted(children_of(self.gunicorn()))

    def gunicorn(self) -> int:
        """The process id of gunicorn itself."""
        (found,) = children_of(self.service.child.pid)
        return found

    def consumer(self) -> Consumer:
        settings = {"bootstrap.servers": self.stack.kafka.bootstrap, "group.id": self.group, "log_level": 0}
        return Consumer({**settings, "enable.auto.commit": False, "auto.offset.reset": "error"})
