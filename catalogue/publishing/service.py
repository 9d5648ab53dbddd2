"""The producer as a process: it works while it holds the lock, waits out what passes, and ends for what doesn't."""

import logging
import threading
from collections.abc import Callable

import MySQLdb
from confluent_kafka import KafkaException
from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from catalogue.publishing.books import Books
from catalogue.publishing.publisher import Publisher
from catalogue.publishing.topic_writer import NotSent, TopicWriter
from common.clock import Clock
from common.database import rows
from common.database_errors import code_of, is_passing
from common.locks import LockTaken, named_lock
from common.metrics import Metrics

logger = logging.getLogger(__name__)

#: Between two looks into an empty outbox.
IDLE_SECONDS = 0.05
#: Between two tries when something is away.
RETRY_SECONDS = 1.0
GAUGE_SECONDS = 10.0
#: After so long without a turn something hangs.
STUCK_SECONDS = 60.0
#: A checkpoint of a catalogue in which nothing changes says that nothing was missed.
QUIET_FACTOR = 3


class Service:
    """One of several may work at a time: the others wait for its lock. `describe_topic` asks for id and partitions."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        describe_topic: Callable[[], tuple[str, int]],
        writer: TopicWriter,
        lock: str,
        checkpoint_seconds: float,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._connect, self._describe_topic, self._writer = connect, describe_topic, writer
        self._lock, self._checkpoint_seconds = lock, checkpoint_seconds
        self._clock, self._metrics = clock, metrics
        self._turned_at = self._gauged_at = self._marked_at = clock.monotonic()
        self._is_marked = False
        self.trouble: str | None = "starting"

    @property
    def is_turning(self) -> bool:
        """Whether it has done something, if only waited, within the last minute."""
        return self._clock.monotonic() - self._turned_at < STUCK_SECONDS

    def run(self, stop: threading.Event) -> None:
        """Works until `stop` is set. Raises Replaced when it mustn't, MySQLdb.Error when it can't go on."""
        while not stop.is_set():
            self._turned_at = self._clock.monotonic()
            try:
                self._work(stop)
            except LockTaken:
                self._wait(stop, "another producer works", is_news=self.trouble is None)
            except (KafkaException, NotSent, TimeoutError) as error:
                self._metrics.count("catalogue.publish_retries", tags=("reason:kafka",))
                self._wait(stop, f"Kafka: {error}")
            except MySQLdb.Error as error:
                if not is_passing(error):
                    raise
                self._metrics.count("catalogue.publish_retries", tags=("reason:database",))
                self._wait(stop, f"database error {code_of(error)} ({type(error).__name__})")

    def _work(self, stop: threading.Event) -> None:
        topic_id, partitions = self._describe_topic()
        connection = self._connect()
        try:
            with named_lock(connection, self._lock, 1):
                books = Books(topic_id, partitions)
                books.take_over(connection)
                publisher = Publisher(books, self._writer, self._metrics)
                logger.info("publishing as number %(epoch)d", facts := {"epoch": books.epoch}, extra=facts)
                while not stop.is_set():
                    self._turn(publisher, connection, stop)
        finally:
            connection.close()

    def _turn(self, publisher: Publisher, connection: Connection, stop: threading.Event) -> None:
        self._turned_at = now = self._clock.monotonic()
        did = publisher.turn(connection)
        self.trouble = None
        self._is_marked = self._is_marked and not did
        period = self._checkpoint_seconds * (QUIET_FACTOR if self._is_marked else 1)
        if now - self._marked_at >= period and publisher.checkpoint(connection):
            self._marked_at, self._is_marked = now, True
        if now - self._gauged_at >= GAUGE_SECONDS:
            self._gauged_at = now
            self._measure(connection)
        if not did:
            stop.wait(IDLE_SECONDS)

    def _measure(self, connection: Connection) -> None:
        ((oldest, waiting),) = rows(connection, sql.OLDEST_LEFT)
        ((now,),) = rows(connection, sql.NOW)
        connection.rollback()
        self._metrics.gauge("catalogue.outbox", int(waiting))  # type: ignore[call-overload]
        age = (now - oldest).total_seconds() if oldest is not None else 0.0  # type: ignore[operator]
        self._metrics.gauge("catalogue.outbox_age", age)

    def _wait(self, stop: threading.Event, reason: str, *, is_news: bool = True) -> None:
        if is_news:
            facts = {"reason": reason}
            logger.warning("nothing can be published just now, trying again: %(reason)s", facts, extra=facts)
        self.trouble = reason
        stop.wait(RETRY_SECONDS)
