"""The producer's work on a real database of its own, with a topic in memory; it may end at any line."""

import unittest
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any, ClassVar, cast

from MySQLdb.connections import Connection

from catalogue.proof.log import LogState
from catalogue.publishing.asking import ask_for_all
from catalogue.publishing.books import Books
from catalogue.publishing.publisher import Publisher
from catalogue.publishing.topic_writer import Outgoing, TopicWriter
from catalogue.source.snapshot import read_documents, snapshot
from common.catalogue import MarkRecord, add_to_sum, release_value
from common.catalogue_reading import read_catalogue_record
from common.database import any_rows, run
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.catalogue.made_up import release_statements
from tests.catalogue.schemas import connect_to, migrated_schema
from tests.recorded_metrics import RecordedMetrics

SCHEMA, TOPIC_ID, PARTITIONS = "catalogue_any_line", "t" * 22, 2
TABLES = (
    *("catalogue_release", "catalogue_track", "catalogue_right", "catalogue_version", "catalogue_outbox"),
    *("catalogue_published", "catalogue_published_sum", "catalogue_load", "catalogue_mark", "catalogue_mark_place"),
)


class Crash(BaseException):
    """As a kill would be: nothing is caught."""


class Life:
    """How many lines a process has left; None: as many as it wants."""

    def __init__(self, lines: int | None) -> None:
        self.lines = lines

    def live(self) -> None:
        """One line more. Raises Crash."""
        if self.lines is not None:
            self.lines -= 1
            if self.lines < 0:
                raise Crash


class MortalConnection:
    """A connection whose process ends with its life: before or behind a statement, before or behind a COMMIT."""

    def __init__(self, real: Connection, life: Life) -> None:
        self._real, self._life = real, life

    def cursor(self, *given: Any) -> Any:
        self._life.live()
        return self._real.cursor(*given)

    def commit(self) -> None:
        self._life.live()
        self._real.commit()
        self._life.live()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class Topic:
    """A topic in memory, written record by record by whoever lives."""

    def __init__(self) -> None:
        self.partitions: list[list[Outgoing]] = [[] for _ in range(PARTITIONS)]
        self.life = Life(None)

    def send(self, records: Sequence[Outgoing]) -> list[int]:
        """As TopicWriter.send()."""
        offsets = []
        for record in records:
            self.life.live()
            offsets.append(len(self.partitions[record.partition]))
            self.partitions[record.partition].append(record)
        self.life.live()
        return offsets


class ProducerCase(unittest.TestCase):
    rig: ClassVar[CatalogueRig]
    url: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()
        cls.url = migrated_schema(cls.rig.stack, SCHEMA, "datacentre")

    @classmethod
    def connect(cls) -> Connection:
        return connect_to(cls.rig.stack, cls.url)

    def begin(self) -> None:
        """Empty tables, and an empty topic."""
        self.topic = Topic()
        with closing(self.connect()) as connection:
            for table in TABLES:
                run(connection, f"DELETE FROM {table}")
            connection.commit()

    def write(self, *statements: str) -> None:
        """Changes the source in one transaction."""
        with closing(self.connect()) as connection:
            for sql in statements:
                run(connection, sql)
            connection.commit()

    def add(self, release_id: int, title: str) -> None:
        self.write(
            f"DELETE FROM catalogue_right WHERE release_id = {release_id}",
            f"DELETE FROM catalogue_track WHERE release_id = {release_id}",
            f"DELETE FROM catalogue_release WHERE release_id = {release_id}",
            *release_statements(release_id, 1, title),
        )

    def ask_for_all(self) -> None:
        with closing(self.connect()) as connection:
            ask_for_all(connection, "a test", takes_fewer=True)

    def live(self, lines: int | None = None) -> None:
        """A producer takes over and works until nothing is due, with checkpoints between; or until its life ends."""
        self.topic.life = life = Life(lines)
        with closing(self.connect()) as real:
            connection = cast(Connection, MortalConnection(real, life))
            # A kill is no news: what the next life makes of it is what is looked at.
            with suppress(Crash):
                books = Books(TOPIC_ID, PARTITIONS)
                books.take_over(connection)
                publisher = Publisher(books, cast(TopicWriter, self.topic), RecordedMetrics())
                while publisher.turn(connection):
                    publisher.checkpoint(connection)
                publisher.checkpoint(connection)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection:
            return any_rows(connection, sql)

    def source(self) -> dict[int, tuple[int, bytes]]:
        """Version and digest of every release that the source has or had, as it would be published now."""
        with closing(self.connect()) as connection, snapshot(connection):
            ids = [row[0] for row in any_rows(connection, "SELECT release_id FROM catalogue_version")]
            documents = read_documents(connection, ids)
        return {number: (each["version"], release_value(each)[1]) for number, each in documents.items()}

    def assert_every_mark_is_right(self) -> LogState:
        """Each mark says what the topic holds up to there, as a region would have it; what that is in the end."""
        state = LogState()
        for partition, records in enumerate(self.topic.partitions):
            newest: dict[int, int] = {}
            for offset, record in enumerate(records):
                state.take(partition, offset, list(record.headers), record.value)
                read = read_catalogue_record(list(record.headers), record.value)
                if isinstance(read, MarkRecord):
                    held = [each.digest for each in state.releases.values() if each.partition == partition]
                    total = 0
                    for digest in held:
                        total = add_to_sum(total, digest, None)
                    said = (read.kind, read.releases, read.digest_sum)
                    self.assertEqual(said, (read.kind, len(held), total), f"partition {partition}, offset {offset}")
                else:
                    # A record may come again, but none of an older version behind a newer one.
                    self.assertGreaterEqual(read.version, newest.get(read.release_id, 0))
                    newest[read.release_id] = read.version
        return state
