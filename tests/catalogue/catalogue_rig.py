"""A whole stack with a catalogue: producer, region, app and nginx; and a client who may use it, and a test client."""

import atexit
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import requests
from MySQLdb.connections import Connection

from common.config import load
from common.database import any_rows, connect, run
from common.datacentre import Datacentre
from common.region import Region
from devstack.kafka_settings import session_settings
from devstack.mariadb_settings import DATACENTRE, REGION
from devstack.parts import Part
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.catalogue.made_up import release_statements
from tests.integration.metrics_agent import Agent
from tests.integration.shared_stack import BUILD, remove_left_over
from tests.integration.topic_rig import eventually

HOME = BUILD / f"stack-catalogue-{os.getpid()}"
PARTS = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES, Part.CLIENT, Part.PRODUCER, Part.SINK, Part.APP, Part.NGINX})
CHECKPOINT_SECONDS = "0.05"
WAIT_SECONDS = 30.0

Row = tuple[Any, ...]


class CatalogueRig:
    """One stack for the whole suite; whoever stops a part of it starts it again."""

    def __init__(self) -> None:
        self.agent = Agent()
        measured = self.agent.settings()
        self.stack = Stack(
            HOME,
            PARTS,
            kafka_settings=session_settings(3_000, 300),
            is_test=True,
            overrides={
                "catalogue-produce": {"CATALOGUE_CHECKPOINT_SECONDS": CHECKPOINT_SECONDS} | measured,
                "catalogue-consume": measured,
                "serve": {"WEB_WORKERS": "1", "WEB_THREADS": "12"} | measured,
            },
        )
        self._connections: dict[str, Connection] = {}
        self.test_key = ""

    def start(self) -> "CatalogueRig":
        """Starts all of it."""
        remove_left_over("stack-catalogue-")
        self.stack.start()
        refuse_unmarked(self.stack)
        done = self.stack.run_word("clients", "add", "tester", "--test", "--allow", "tracks")
        self.test_key = done.stdout.split()[0]
        return self

    def stop(self) -> None:
        """Stops all of it; the logs stay."""
        self.forget_connections()
        self.stack.stop()
        self.agent.close()
        shutil.rmtree(HOME / "data", ignore_errors=True)

    @property
    def key(self) -> str:
        return self.stack.environ("send")["PLAYLOG_KEY"]

    def get(self, path: str, key: str | None = None, **headers: str) -> requests.Response:
        """A GET through nginx; the path has its own parameters."""
        url = f"{self.stack.places().url}/1.2/{path}&oauth_consumer_key={key or self.key}"
        return requests.get(url, headers={name.replace("_", "-"): headers[name] for name in headers}, timeout=20)

    def word(self, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """`playlog catalogue …` to its end."""
        return subprocess.run(
            word_command("catalogue", *arguments),
            env=child_environ(self.stack.environ("catalogue") | changes),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def does(self, *arguments: str, **changes: str) -> str:
        """As word(), which has to succeed; what it prints."""
        done = self.word(*arguments, **changes)
        if done.returncode:
            raise AssertionError(f"{arguments}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def source(self, sql: str, *values: object) -> list[Row]:
        """Asks the data centre."""
        return self._ask(DATACENTRE, sql, values)

    def region(self, sql: str, *values: object) -> list[Row]:
        """Asks the region."""
        return self._ask(REGION, sql, values)

    def change(self, *statements: str) -> None:
        """Changes the source, in one transaction, as any program may."""
        connection = self.writer()
        try:
            for sql in statements:
                run(connection, sql)
            connection.commit()
        finally:
            connection.close()

    def writer(self) -> Connection:
        """A connection to the source, as the operator's word has it."""
        at = load(Datacentre, self.stack.environ("catalogue"))
        return connect(at.database, at.password, idle_seconds=600)

    def as_root(self, schema: str, sql: str) -> str:
        """Runs SQL as the database's administrator, as nobody should."""
        return self.stack.mariadb.execute(sql, schema)

    def add_release(self, release_id: int, tracks: int = 2, title: str = "A release") -> None:
        """A release with tracks that may be downloaded in GB; ids of tracks are the release's and two digits."""
        self.change(*release_statements(release_id, tracks, title))

    def version(self, release_id: int) -> int:
        """The source's version of a release."""
        return int(self.source("SELECT version FROM catalogue_version WHERE release_id = %s", release_id)[0][0])

    def held(self, release_id: int) -> tuple[int, str] | None:
        """Version and state in the region."""
        found = self.region("SELECT version, state FROM catalogue_release WHERE release_id = %s", release_id)
        return (int(found[0][0]), str(found[0][1])) if found else None

    def arrived(self, *release_ids: int) -> None:
        """Waits until the region has the source's versions."""
        wanted = {each: self.version(each) for each in release_ids}
        eventually(
            lambda: all((self.held(each) or (0,))[0] >= version for each, version in wanted.items()),
            f"the region has {wanted}",
            WAIT_SECONDS,
        )

    def settled(self, seconds: float = WAIT_SECONDS) -> None:
        """Waits until nothing is left to publish, and a checkpoint that says so has arrived everywhere."""
        eventually(lambda: not self.source("SELECT 1 FROM catalogue_outbox LIMIT 1"), "all is published", seconds)
        # Of two new ones the second was made when nothing was under way.
        last = self.last_checkpoint()
        eventually(lambda: self.last_checkpoint() >= last + 2, "two checkpoints have arrived", seconds)

    def last_checkpoint(self) -> int:
        """The last that every partition of the region has."""
        found = self.region("SELECT MAX(number) FROM catalogue_mark WHERE kind = 'checkpoint' GROUP BY partition_no")
        return min((int(row[0]) for row in found), default=0) if len(found) >= self.partitions else 0

    @property
    def partitions(self) -> int:
        return len(self.source("SELECT partition_no FROM catalogue_published_sum"))

    def assert_equal(self, *arguments: str) -> str:
        """`verify` of both legs, which has to say equal twice; what it prints."""
        self.settled()
        said = self.does("verify", *arguments)
        if said.count(": equal.") != 2:
            raise AssertionError(said)
        return said

    def wait_for_answer(self, path: str, claim: Callable[[requests.Response], bool], seconds: float = 10.0) -> None:
        """Waits until an answer is as it should be."""
        eventually(lambda: claim(self.get(path)), f"{path} is as it should be", seconds)

    def forget_connections(self) -> None:
        """The database was stopped: the next question goes over a new connection."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _ask(self, schema: str, sql: str, values: Iterable[object]) -> list[Row]:
        connection = self._connections.get(schema)
        if connection is None:
            environ = self.stack.environ("catalogue")
            at = load(Datacentre, environ) if schema == DATACENTRE else load(Region, environ)
            connection = connect(at.database, at.password, idle_seconds=600)
            connection.autocommit(True)
            self._connections[schema] = connection
        return any_rows(connection, sql, tuple(values))


@cache
def catalogue_rig() -> CatalogueRig:
    """Started when the first test asks."""
    rig = CatalogueRig().start()
    atexit.register(rig.stop)
    return rig
