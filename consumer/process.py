"""Puts the persister together from its settings, runs it, and takes it apart again."""

import logging
import queue
import threading
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaError, TopicPartition
from MySQLdb.connections import Connection

from common.clock import SystemClock
from common.database import connect
from common.kafka import TopicView
from common.kafka_log import kafka_logger
from common.metrics import metrics_to
from consumer.assigned import Assigned
from consumer.assignment import Assignment
from consumer.batch import Limits
from consumer.checks import check_database, check_topic, wait_for
from consumer.commits import Commits
from consumer.config import ConsumerConfig
from consumer.courtesy import Courtesy
from consumer.dead_letters import DeadLetters
from consumer.erased import ErasedListeners
from consumer.flush import Flush, Sink
from consumer.heartbeat import Heartbeat
from consumer.ledger import Ledger
from consumer.loop import ConsumerLoop
from consumer.observer import Observer
from consumer.pace import Backoff, Pace
from consumer.partition import News
from consumer.play_logs.sink import PlayLogSink
from consumer.session import Session
from consumer.status import StatusServer, describe
from consumer.steering import Steering
from consumer.topic import BrokerTopic
from consumer.work import Work
from consumer.workers import Workers
from consumer.writer import Writer

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 2.0


def consumer_settings(config: ConsumerConfig) -> dict[str, object]:
    """librdkafka's settings for the poll thread's consumer.

    Nothing is committed or skipped by itself: the position comes from the ledger, and an offset that is gone is an
    error. The new group protocol (KIP-848) keeps the session time-outs on the broker.
    """
    return {
        **config.kafka.client(),
        "group.id": config.kafka.group,
        "group.protocol": "consumer",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "max.poll.interval.ms": config.max_poll_seconds * 1000,
        # The proof counts offsets: records of every producer are read, and none is expected to be transactional.
        "isolation.level": "read_uncommitted",
        "fetch.wait.max.ms": 100,
        "queued.max.messages.kbytes": 16_384,
        "fetch.message.max.bytes": 4_194_304,
    }


class Persister:
    """The whole process: the poll thread (the caller's), the writers, the observer and the status server."""

    def __init__(self, config: ConsumerConfig, allowed_dead_letters: int = 0) -> None:
        self._config = config
        self._clock = SystemClock()
        self._metrics = metrics_to(config.statsd_host, config.statsd_port)
        self._view = TopicView(config.kafka)
        self._topic = BrokerTopic(config.kafka, self._view)
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._commits = Commits()
        self._waiting: str | None = "Kafka"
        self._courtesy: Courtesy | None = None
        limit = config.dead_letter_limit + allowed_dead_letters
        erased = ErasedListeners(config.listener_secret.value)
        self._sink: Sink = PlayLogSink(DeadLetters(config.kafka.topic, limit), erased)

    def run(self, stop: threading.Event) -> None:
        """Runs until `stop` is set. Raises Stop, with a sentence for the operator, when it can't go on safely."""
        config = self._config
        consumer = Consumer(consumer_settings(config) | {"on_commit": self._hear_commit}, logger=kafka_logger())
        workers = [self._work(number) for number in range(config.writer_threads)]
        loop, assigned = self._loop(consumer, Workers(workers))
        status = StatusServer(
            config.status_bind,
            lambda: describe(assigned.all(), self._waiting),
            lambda: self._waiting is not None or loop.is_turning,
        )
        heartbeat = Heartbeat(self._connect, self._clock)
        observer = Observer(
            self._topic, assigned.all, (self._connect, heartbeat), self._commits, self._clock, self._metrics
        )
        threads: list[threading.Thread] = [*(work.writer for work in workers), observer]
        status.start()
        for thread in threads:
            thread.start()
        try:
            if self._is_all_there(stop):
                loop.run(stop.is_set)
        finally:
            observer.stop()
            for work in workers:
                work.writer.finish()
            status.stop()
            # It says good-bye to the database, if that answers soon.
            observer.join(LEAVE_SECONDS)
            self._metrics.close()

    def _is_all_there(self, stop: threading.Event) -> bool:
        """Waits for Kafka and the database, and checks their settings; False when the process is to end before."""
        config = self._config
        waits: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Kafka", lambda: check_topic(self._view, config.kafka.topic)),
            ("the database", lambda: check_database(self._connect)),
        )
        for name, check in waits:
            self._waiting = name
            if not wait_for(name, check, stop.wait):
                return False
        self._waiting = None
        return True

    def _connect(self) -> Connection:
        return connect(self._config.datacentre.database, self._config.datacentre.password)

    def _work(self, number: int) -> Work:
        config = self._config
        ledger = Ledger(config.kafka.topic)
        writer = Writer(f"writer-{number}", Session(self._connect), self._news, Backoff, self._metrics)
        return Work(
            writer=writer,
            assignment=Assignment(ledger, self._topic),
            flush=Flush(ledger, self._sink, self._topic.topic_id),
            topic=self._topic,
            pace=Pace(config.rows_per_second, config.writer_threads),
            news=self._news,
            clock=self._clock,
            metrics=self._metrics,
            commits=self._commits,
        )

    def _hear_commit(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        if self._courtesy is not None:
            self._courtesy.heard(error, places)

    def _loop(self, consumer: Consumer, workers: Workers) -> tuple[ConsumerLoop, Assigned]:
        config, topic = self._config, self._config.kafka.topic
        self._courtesy = courtesy = Courtesy(consumer, topic, self._clock)
        assigned = Assigned(consumer, topic, workers.load, self._news, courtesy, self._clock)
        limits = Limits(config.flush_rows, config.flush_bytes, config.flush_seconds)
        steering = Steering(consumer, topic, assigned, workers, limits, self._clock)
        return ConsumerLoop(consumer, topic, assigned, steering, courtesy, self._clock), assigned
