"""The broker refuses a record and takes the next one of the same producer: only the one it took is acknowledged.

As it happens when brokers come back: too few replicas for the first record, enough for the second a moment later, and
both under way. Here a byte of the first is damaged on its way.
"""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from app.logs.circuit import Circuit
from app.logs.delivery import NotPublished, Published
from app.logs.producer import producer_maker
from app.logs.publisher import KafkaPublisher
from app.logs.topic_watch import TopicWatch
from common.clock import SystemClock
from common.config import load
from common.kafka import KafkaSettings
from tests.fakes.hand_clock import HandClock
from tests.integration.link import pass_on
from tests.integration.shared_stack import kafka_link
from tests.integration.topic_rig import TopicRig
from tests.recorded_metrics import RecordedMetrics

SECONDS = 20.0
FIRST, SECOND = b"first", b"second"
#: The kind of a request that brings records.
PRODUCE = b"\0\0"


class Overtaken:
    """A tap that damages the first record, and keeps the broker's answer back until the second is on its way."""

    def __init__(self) -> None:
        self._number: bytes | None = None
        self.first_is_sent = threading.Event()
        self._first_is_refused = threading.Event()
        self._second_is_sent = threading.Event()

    def __call__(self, data: bytes, is_client: bool) -> bytes:
        """A frame: its length (4 bytes); a request has its kind and version (2 each) then; the request's number (4)."""
        if is_client and data[4:6] == PRODUCE:
            if FIRST in data and self._number is None:
                self._number = data[8:12]
                self.first_is_sent.set()
                return data.replace(FIRST, b"worst")
            if SECOND in data:
                self._first_is_refused.wait(SECONDS)
                self._second_is_sent.set()
        elif not is_client and data[4:8] == self._number:
            self._first_is_refused.set()
            self._second_is_sent.wait(SECONDS)
        return data


class OvertakenTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = TopicRig()
        self.threads = ThreadPoolExecutor(2)
        self.addCleanup(self.threads.shutdown)
        self.addCleanup(setattr, kafka_link(), "tap", pass_on)

    def publisher(self) -> KafkaPublisher:
        """A new producer, of which the broker has stored nothing yet: it takes any first number from it."""
        kafka = load(KafkaSettings, {"KAFKA_BOOTSTRAP": self.rig.stack.kafka.far_bootstrap})
        clock = SystemClock()
        topic = TopicWatch(self.rig.view, self.rig.topic, lambda _: [], clock)
        topic.look()
        # Its clock stands still: how long a slow machine takes for the first record doesn't open it.
        circuit = Circuit(HandClock())
        made = KafkaPublisher(producer_maker(kafka), self.rig.topic, topic, circuit, clock, RecordedMetrics(), 4)
        self.addCleanup(made.close)
        return made

    def test_what_the_broker_refused_is_not_acknowledged_by_what_it_took_after_it(self) -> None:
        # The first producer of a new broker waits for its number for long.
        self.publisher().publish("preview", b"before", [])
        publisher = self.publisher()
        kafka_link().tap = tap = Overtaken()
        first = self.threads.submit(publisher.publish, "preview", FIRST, [])
        self.assertTrue(tap.first_is_sent.wait(SECONDS))
        second = self.threads.submit(publisher.publish, "preview", SECOND, [])
        self.assertEqual(second.result(SECONDS), Published(self.rig.topic_id, 0, 1))
        failure = first.exception(SECONDS)
        assert isinstance(failure, NotPublished), failure
        self.assertEqual((failure.reason, failure.kept), ("no offset", "unknown"))
        self.assertEqual(self.rig.view.ends(self.rig.topic, [0]), {0: 2})
