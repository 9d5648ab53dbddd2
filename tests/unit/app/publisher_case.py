"""A publisher on a fake producer, and what its tests share."""

import logging
import unittest
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from confluent_kafka import KafkaError

from app.logs.circuit import Circuit
from app.logs.delivery import NotPublished, Published
from app.logs.publisher import KafkaPublisher
from app.logs.topic_watch import TopicFacts
from common.records import Headers
from tests.fakes.hand_clock import HandClock
from tests.fakes.kafka_producer import FakeProducer
from tests.recorded_metrics import RecordedMetrics

HEADERS: Headers = [("request-id", b"x" * 36)]
PLACES = 3


class FakeTopic:
    """The topic as the watch sees it."""

    def __init__(self) -> None:
        self.facts: TopicFacts | None = TopicFacts("topic-id", 6, 2_097_152)
        self.is_missing = False
        self.looks = 0
        self.on_look: Callable[[], object] = lambda: None

    def look(self) -> None:
        self.looks += 1
        self.on_look()


class PublisherCase(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.clock = HandClock()
        self.metrics = RecordedMetrics()
        self.topic = FakeTopic()
        self.made: list[FakeProducer] = []
        self.publisher = KafkaPublisher(
            self.make, "play-logs", self.topic, Circuit(self.clock), self.clock, self.metrics, PLACES
        )
        self.addCleanup(self.publisher.close)
        self.threads = ThreadPoolExecutor(PLACES + 1)
        self.addCleanup(self.threads.shutdown)

    def make(self, batch_bytes: int, on_error: Callable[[KafkaError], None]) -> FakeProducer:
        self.made.append(FakeProducer(batch_bytes, on_error))
        return self.made[-1]

    @property
    def producer(self) -> FakeProducer:
        return self.made[-1]

    def publish(self, value: bytes = b"{}") -> Published:
        return self.publisher.publish("preview", value, HEADERS)

    def publish_aside(self, count: int) -> list[Future[Published]]:
        """Requests that wait for an acknowledgement, each in a thread of its own."""
        waiting = [self.threads.submit(self.publish) for _ in range(count)]
        self.assertTrue(self.producer.wait_for_records(count))
        return waiting

    def refused(self, error: type[Exception] = NotPublished) -> Exception:
        with self.assertRaises(error) as refused:
            self.publish()
        return refused.exception

    def assert_kept(self, kept: str, reason: str) -> None:
        failure = self.refused()
        assert isinstance(failure, NotPublished)
        self.assertEqual((failure.kept, failure.reason), (kept, reason))
