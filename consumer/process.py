"""Puts a persister together from what one topic's family says, runs it, and takes it apart again."""

import queue
import threading

from confluent_kafka import Consumer, KafkaError, TopicPartition

from common.kafka_log import kafka_logger
from common.status_server import StatusServer
from consumer.assigned import Assigned
from consumer.assignment import Assignment
from consumer.batch import Limits
from consumer.checks import wait_for
from consumer.commits import Commits
from consumer.courtesy import Courtesy
from consumer.family import Family
from consumer.flush import Flush
from consumer.loop import ConsumerLoop
from consumer.observer import Observer
from consumer.pace import Backoff, Pace
from consumer.partition import News
from consumer.session import Session
from consumer.status import describe
from consumer.steering import Steering
from consumer.work import Work
from consumer.workers import Workers
from consumer.writer import Writer

LEAVE_SECONDS = 2.0


def consumer_settings(family: Family) -> dict[str, object]:
    """librdkafka's settings for the poll thread's consumer.

    Nothing is committed or skipped by itself: the position comes from the ledger, and an offset that is gone is an
    error. The new group protocol (KIP-848) keeps the session time-outs on the broker.
    """
    return {
        **family.kafka.client(),
        "group.id": family.kafka.group,
        "group.protocol": "consumer",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "max.poll.interval.ms": family.config.max_poll_seconds * 1000,
        # The proof counts offsets: records of every producer are read, and none is expected to be transactional.
        "isolation.level": "read_uncommitted",
        "fetch.wait.max.ms": 100,
        "queued.max.messages.kbytes": 16_384,
        "fetch.message.max.bytes": 4_194_304,
    }


class Persister:
    """The whole process: the poll thread (the caller's), the writers, the observer and the status server."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._commits = Commits()
        self._waiting: str | None = family.checks[0][0]
        self._courtesy: Courtesy | None = None

    def run(self, stop: threading.Event) -> None:
        """Runs until `stop` is set. Raises Stop, with a sentence for the operator, when it can't go on safely."""
        family = self._family
        consumer = Consumer(consumer_settings(family) | {"on_commit": self._hear_commit}, logger=kafka_logger())
        workers = [self._work(number) for number in range(family.config.writer_threads)]
        loop, assigned = self._loop(consumer, Workers(workers))
        status = StatusServer(
            family.config.status_bind,
            lambda: describe(assigned.all(), self._waiting),
            lambda: self._waiting is not None or loop.is_turning,
        )
        observer = Observer(
            family.topic,
            assigned.all,
            family.pulse,
            family.look_slowly,
            self._commits,
            family.clock,
            family.metrics,
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
            family.metrics.close()

    def _is_all_there(self, stop: threading.Event) -> bool:
        """Waits for Kafka and the database, and checks their settings; False when the process is to end before."""
        for name, check in self._family.checks:
            self._waiting = name
            if not wait_for(name, check, stop.wait):
                return False
        self._waiting = None
        return True

    def _work(self, number: int) -> Work:
        family = self._family
        writer = Writer(f"writer-{number}", Session(family.connect), self._news, Backoff, family.metrics)
        return Work(
            writer=writer,
            assignment=Assignment(family.ledger, family.topic, begins_late=family.begins_late),
            flush=Flush(family.ledger, family.sink, family.topic.topic_id),
            topic=family.topic,
            pace=Pace(family.config.rows_per_second, family.config.writer_threads),
            news=self._news,
            clock=family.clock,
            metrics=family.metrics,
            commits=self._commits,
            calendar=family.calendar,
        )

    def _hear_commit(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        if self._courtesy is not None:
            self._courtesy.heard(error, places)

    def _loop(self, consumer: Consumer, workers: Workers) -> tuple[ConsumerLoop, Assigned]:
        config, topic, clock = self._family.config, self._family.kafka.topic, self._family.clock
        self._courtesy = courtesy = Courtesy(consumer, topic, clock)
        assigned = Assigned(consumer, topic, workers.load, self._news, courtesy, clock)
        limits = Limits(config.flush_rows, config.flush_bytes, config.flush_seconds)
        steering = Steering(consumer, topic, assigned, workers, limits, clock)
        return ConsumerLoop(consumer, topic, assigned, steering, courtesy, clock), assigned
