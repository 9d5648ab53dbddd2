"""A topic, a group and a persister process of a test's own, on the shared stack."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from confluent_kafka import KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from MySQLdb.connections import Connection

from common.config import load
from common.database import connect, rows
from common.kafka import TopicView
from common.records import RequestRecord, canonical_value, headers_of
from consumer.config import ConsumerConfig
from consumer.ledger import Ledger
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.topics import create_play_logs
from tests.integration.shared_stack import HOME, shared_stack

WAIT_SECONDS = 40.0
BALANCE = """
    SELECT COALESCE(SUM(n_items), 0), COALESCE(SUM(n_stored), 0), COALESCE(SUM(n_duplicate), 0),
      COALESCE(SUM(n_dead), 0), COUNT(*) FROM request WHERE topic_id = %s"""


def eventually(claim: Callable[[], bool], about: str, seconds: float = WAIT_SECONDS) -> None:
    """Waits until a claim is true; fails the test when it isn't in time."""
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {about}")
        time.sleep(0.05)


def _well(partition: Mapping[str, Any]) -> bool:
    return partition["trouble"] is None and partition["held"] is None


class PersisterRig:
    """One topic with its persister; several rigs don't see each other's records."""

    def __init__(self, partitions: int = 1, overrides: Mapping[str, str] | None = None) -> None:
        self.stack = shared_stack()
        self.topic = f"logs-{uuid.uuid4().hex[:12]}"
        #: Stands for `demo` in the requests: keys and ids of other tests are another client's.
        self.client = f"client-of-{self.topic}"
        self.environ = self.stack.environ("consume") | {
            "CONSUMER_STATUS_BIND": f"{HOST}:8090",
            "PLAY_LOGS_TOPIC": self.topic,
            "CONSUMER_GROUP": f"group-{self.topic}",
            "FLUSH_SECONDS": "0.05",
        }
        self.environ |= dict(overrides or {})
        self.admin = AdminClient({"bootstrap.servers": self.stack.kafka.bootstrap, "log_level": 0})
        self.make_topic(partitions)
        self.config = load(ConsumerConfig, self.environ)
        self.view = TopicView(self.config.kafka)
        self.topic_id = self.current_topic_id()
        self._connection: Connection | None = None
        self._children: list[Child] = []

    def make_topic(self, partitions: int = 1) -> None:
        """Makes the topic, with the settings of the real one."""
        create_play_logs(self.stack.kafka.bootstrap, self.topic, partitions=partitions)

    def current_topic_id(self) -> str:
        """The topic's id, as soon as the broker knows the new topic."""
        found: list[str] = []

        def is_known() -> bool:
            try:
                found.append(self.view.describe(self.topic)[0])
            except KafkaException:
                return False
            return True

        eventually(is_known, "the broker knows the topic")
        return found[0]

    def delete_topic(self) -> None:
        """Deletes the topic and waits until it is gone."""
        self.admin.delete_topics([self.topic])[self.topic].result(10)
        eventually(lambda: self.topic not in self.admin.list_topics(timeout=5).topics, "the topic is gone")

    def produce(self, *records: RequestRecord, partition: int = 0) -> list[int]:
        """Puts requests into the topic; their offsets."""
        own = (replace(each, client=self.client) if each.client == "demo" else each for each in records)
        return self.produce_raw(*((canonical_value(each.items), headers_of(each)) for each in own), to=partition)

    def produce_raw(self, *records: tuple[bytes | None, Sequence[tuple[str, bytes]]], to: int = 0) -> list[int]:
        """Puts any records into the topic; their offsets."""
        offsets: list[int] = []

        def delivered(error: object, message: "Message[bytes, bytes]") -> None:
            if error is not None:
                raise AssertionError(f"not delivered: {error}")
            offset = message.offset()
            offsets.append(-1 if offset is None else offset)

        producer = Producer({"bootstrap.servers": self.stack.kafka.bootstrap, "linger.ms": 0, "log_level": 0})
        for value, headers in records:
            producer.produce(self.topic, value, headers=list(headers), partition=to, on_delivery=delivered)
        producer.flush(15)
        if len(offsets) != len(records):
            raise AssertionError(f"{len(offsets)} of {len(records)} records were delivered")
        return offsets

    def start(self, *arguments: str, **overrides: str) -> Child:
        """Starts `playlog consume` and returns at once."""
        port = Ports().take(None)
        environ = self.environ | {"CONSUMER_STATUS_BIND": f"{HOST}:{port}"} | overrides
        child = Child(f"persister-{self.topic}-{len(self._children)}", HOME)
        child.launch(word_command("consume", *arguments), child_environ(environ), REPOSITORY)
        self._children.append(child)
        self.status_url = f"http://{HOST}:{port}/ready"
        return child

    def ready(self) -> tuple[int, dict[str, Any]]:
        """The status and body of GET /ready; 0 while nobody answers."""
        try:
            with urllib.request.urlopen(self.status_url, timeout=5) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
        except OSError:
            return 0, {}

    def is_reading(self) -> bool:
        """Whether the persister has partitions and reads them without trouble."""
        status, about = self.ready()
        return status == 200 and bool(about["partitions"])

    def trouble(self) -> list[str]:
        """What keeps the persister from storing, by partition."""
        return [each["trouble"] or each["held"] for each in self.ready()[1].get("partitions", []) if not _well(each)]

    def wait_for_end(self, child: Child) -> str:
        """Waits until the process has ended by itself; its log."""
        eventually(lambda: not child.is_running(), "the persister has stopped")
        return child.log_path.read_text()

    def close(self) -> None:
        """Ends what was started."""
        for child in self._children:
            child.stop()
        if self._connection is not None:
            self._connection.close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Asks the database, seeing what is committed now. The connection outlives a restart of the server."""
        if self._connection is None:
            self._connection = connect(self.config.database, self.config.password, idle_seconds=600)
        try:
            self._connection.rollback()
            return rows(self._connection, sql, values)
        except Exception:
            self._connection.close()
            self._connection = None
            raise

    def forget_connection(self) -> None:
        """The database was killed: the next question goes over a new connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def balance(self) -> tuple[int, ...]:
        """Of all records of the topic: items, stored, duplicate, dead, and how many records."""
        return tuple(int(value) for value in self.rows(BALANCE, self.topic_id)[0])

    def position(self, partition: int = 0) -> int:
        """The ledger's next offset; -1 before the books have begun."""
        found = self.rows(
            "SELECT next_offset FROM consumer_offset WHERE topic = %s AND partition_no = %s", self.topic, partition
        )
        return int(found[0][0]) if found else -1

    def stored_rows(self) -> int:
        """How many rows of play_log the topic's requests have."""
        sql = """SELECT COUNT(*) FROM play_log JOIN request USING (request_id) WHERE topic_id = %s"""
        return int(self.rows(sql, self.topic_id)[0][0])

    def wait_until_stored(self, *ends: int) -> None:
        """Waits until each partition is stored up to its end."""
        eventually(
            lambda: [self.position(number) for number in range(len(ends))] == list(ends),
            f"the ledger stands at {ends}",
        )

    def delete_before(self, offset: int, partition: int = 0) -> None:
        """Deletes the records before an offset, as retention does."""
        place = TopicPartition(self.topic, partition, offset)
        for future in self.admin.delete_records([place]).values():
            future.result(10)

    def alter_topic(self, name: str, value: str) -> None:
        """Changes a setting of the topic."""
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, self.topic, incremental_configs=[entry])
        self.admin.incremental_alter_configs([resource])[resource].result(10)
        eventually(lambda: self.view.settings(self.topic)[name] == value, f"{name} is {value}")

    def as_root(self, sql: str) -> str:
        """Runs SQL as the database's administrator."""
        return self.stack.mariadb.execute(sql, "playlog_datacentre")

    def rows_changed(self, sql: str, *values: object) -> None:
        """Changes rows as nobody should, over the administrator's head."""
        shown = tuple(f"'{value}'" for value in values)
        self.as_root(sql % shown)

    def lock_position(self, partition: int = 0) -> Connection:
        """Holds the partition's row of the ledger until the connection is closed: the persister can't write."""
        connection = connect(self.config.database, self.config.password, idle_seconds=600)
        self.ledger.read(connection, partition, lock=True)
        return connection

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.topic)
