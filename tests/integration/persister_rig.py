"""A persister process of a test's own, with a topic of its own, on the shared stack."""

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from MySQLdb.connections import Connection

from common.config import load
from common.database import connect, rows
from consumer.config import ConsumerConfig
from consumer.ledger import Ledger
from devstack.ports import HOST, Ports
from devstack.process import Child
from devstack.service import REPOSITORY, child_environ, word_command
from tests.integration.shared_stack import HOME
from tests.integration.topic_rig import TopicRig, eventually

BALANCE = """
    SELECT COALESCE(SUM(n_items), 0), COALESCE(SUM(n_stored), 0), COALESCE(SUM(n_duplicate), 0),
      COALESCE(SUM(n_dead), 0), COUNT(*) FROM request WHERE topic_id = %s"""


def _well(partition: Mapping[str, Any]) -> bool:
    return partition["trouble"] is None and partition["held"] is None


class PersisterRig(TopicRig):
    """One topic with its persister; several rigs don't see each other's records."""

    def __init__(self, partitions: int = 1, overrides: Mapping[str, str] | None = None) -> None:
        super().__init__(partitions)
        self.environ = self.stack.environ("consume") | {
            "CONSUMER_STATUS_BIND": f"{HOST}:8090",
            "PLAY_LOGS_TOPIC": self.topic,
            "CONSUMER_GROUP": f"group-{self.topic}",
            "FLUSH_SECONDS": "0.05",
        }
        self.environ |= dict(overrides or {})
        self.config = load(ConsumerConfig, self.environ)
        self._connection: Connection | None = None
        self._children: list[Child] = []

    def start(self, *arguments: str, **overrides: str) -> Child:
        """Starts `playlog consume` and returns at once."""
        port = Ports().take(None)
        environ = self.environ | {"CONSUMER_STATUS_BIND": f"{HOST}:{port}"} | overrides
        child = Child(f"persister-{self.topic}-{len(self._children)}", HOME)
        child.launch(word_command("consume", *arguments), child_environ(environ), REPOSITORY)
        self._children.append(child)
        self.status_url = f"http://{HOST}:{port}/ready"
        return child

    def run_word(self, word: str, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Runs a word to its end, on this rig's topic."""
        environ = child_environ(self.stack.environ(word) | changes)
        return subprocess.run(
            word_command(word, *arguments), env=environ, cwd=REPOSITORY, capture_output=True, text=True, check=False
        )

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
            self._connection = connect(
                self.config.datacentre.database, self.config.datacentre.password, idle_seconds=600
            )
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

    def as_root(self, sql: str) -> str:
        """Runs SQL as the database's administrator."""
        return self.stack.mariadb.execute(sql, "playlog_datacentre")

    def rows_changed(self, sql: str, *values: object) -> None:
        """Changes rows as nobody should, over the administrator's head."""
        shown = tuple(f"'{value}'" for value in values)
        self.as_root(sql % shown)

    def lock_position(self, partition: int = 0) -> Connection:
        """Holds the partition's row of the ledger until the connection is closed: the persister can't write."""
        connection = connect(self.config.datacentre.database, self.config.datacentre.password, idle_seconds=600)
        self.ledger.read(connection, partition, lock=True)
        return connection

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.topic)
