"""Looks at each store in turn; one that can't be reached is a finding of its own, and the others are looked at."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import MySQLdb
import requests
from MySQLdb.connections import Connection

from app.logs.limits import MAX_RECORD_BYTES
from commands.doctoring.config import DoctorConfig
from commands.doctoring.database_checks import findings, ledger_findings, look
from commands.doctoring.edge_checks import door_findings, limit_findings
from commands.doctoring.finding import Finding
from commands.doctoring.kafka_checks import PART as KAFKA
from commands.doctoring.kafka_checks import broker_findings, copies_findings, topic_findings
from common.clock import Clock
from common.database import DatabaseUrl, connect, rows
from common.kafka import KafkaException, TopicView
from consumer.checks import MIN_PACKET_BYTES
from migrations.files import BadMigrations, read_migrations
from migrations.runner import pending, read_book

REGION, DATACENTRE = "region database", "data-centre database"
MIGRATIONS = {REGION: "region", DATACENTRE: "datacentre"}
BOOKS = "SELECT partition_no, topic_id FROM consumer_offset WHERE topic = %s"


def visit(config: DoctorConfig, clock: Clock) -> tuple[list[Finding], list[str]]:
    """All findings, and the names of what isn't set and so wasn't looked at."""
    view = TopicView(config.kafka)
    topic = _Topic(view, config)
    found = [*_guarded(KAFKA, topic.findings), *_guarded(KAFKA, topic.broker_findings)]
    found += limit_findings(config.drain_seconds, config.max_poll_seconds, topic.largest)
    unset: list[str] = []
    for part, name, url, password in (
        (REGION, "REGION_DB_URL", config.region, config.region_password),
        (DATACENTRE, "DATACENTRE_DB_URL", config.datacentre, config.datacentre_password),
    ):
        if url is None:
            unset.append(f"{part} ({name} is not set)")
        else:
            found += _guarded(part, _Database(part, url, password, topic, clock).findings)
    if config.url:
        found += _guarded("edge", lambda: door_findings(config.url.rstrip("/")))
    else:
        unset.append("the door (PLAYLOG_URL is not set)")
    return found, unset


class _Topic:
    """What Kafka says; the parts that others need stay known."""

    def __init__(self, view: TopicView, config: DoctorConfig) -> None:
        self._view, self._config = view, config
        self._settings: dict[str, str] = {}
        self.name = config.kafka.topic
        self.topic_id: str | None = None
        self.partitions = 0

    @property
    def largest(self) -> int | None:
        """The topic's max.message.bytes; None while it isn't known."""
        return int(self._settings["max.message.bytes"]) if self._settings else None

    def findings(self) -> Iterator[Finding]:
        environment = self._config.environment
        self._settings = self._view.settings(self.name)
        self.topic_id, self.partitions = self._view.describe(self.name)
        yield from topic_findings(self.name, self._settings, environment)
        least = int(self._settings.get("min.insync.replicas", 1))
        yield from copies_findings(self.name, self._view.copies(self.name), least, environment)

    def broker_findings(self) -> Iterator[Finding]:
        yield from broker_findings(self._view.brokers(), self._settings, self._config.environment)


class _Database:
    """What one database says."""

    def __init__(self, part: str, url: DatabaseUrl, password: str, topic: _Topic, clock: Clock) -> None:
        self._part, self._url, self._password = part, url, password
        self._topic, self._clock = topic, clock

    def findings(self) -> Iterator[Finding]:
        with closing(connect(self._url, self._password)) as connection:
            facts = look(connection, self._clock.now)
            yield from findings(
                self._part, facts, max(MIN_PACKET_BYTES, 2 * MAX_RECORD_BYTES), self._clock.now().date()
            )
            yield self._migrations(connection)
            if self._part == DATACENTRE and self._topic.topic_id is not None:
                books = [
                    (int(str(number)), str(found)) for number, found in rows(connection, BOOKS, (self._topic.name,))
                ]
                yield from ledger_findings(self._part, books, self._topic.topic_id, self._topic.partitions)

    def _migrations(self, connection: Connection) -> Finding:
        word = MIGRATIONS[self._part]
        try:
            book = read_book(connection)
            todo = pending(read_migrations(Path(__file__).parents[2] / "migrations" / word), book)
        except BadMigrations as bad:
            return Finding(self._part, "migrations", "wrong", "not those of this version", str(bad))
        if todo:
            names = ", ".join(migration.name for migration, _ in todo)
            return Finding(self._part, "migrations", "wrong", f"{names} not applied", f"Run `playlog migrate {word}`.")
        return Finding(self._part, "migrations", "right", f"{len(book)} applied")


def _guarded(part: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings; when the store can't be asked (any more), one that says why."""
    try:
        yield from look()
    except KafkaException as error:
        yield Finding(part, "can be asked", "unknown", advice=error.args[0].str())
    except MySQLdb.Error as error:
        yield Finding(part, "can be asked", "unknown", advice=f"error {error.args[0] if error.args else ''}")
    except (TimeoutError, requests.RequestException) as error:
        yield Finding(part, "can be asked", "unknown", advice=type(error).__name__)
