"""A real producer falls into a fatal error, as librdkafka raises it: the next records go through a new one."""

import ctypes
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import confluent_kafka
from confluent_kafka import KafkaError, Producer

from app.logs.circuit import Circuit
from app.logs.producer import ProducerLike, producer_maker
from app.logs.publisher import KafkaPublisher
from app.logs.topic_watch import TopicWatch
from common.clock import SystemClock
from common.config import load
from common.kafka import KafkaSettings
from tests.integration.topic_rig import TopicRig
from tests.recorded_metrics import RecordedMetrics

#: The client library keeps librdkafka's own handle behind the head of each Python object: count and type.
HANDLE_AT = 2 * ctypes.sizeof(ctypes.c_void_p)
REQUESTS = 40


def break_fatally(producer: Producer) -> None:
    """Makes librdkafka raise a fatal error for this producer, by its own function for tests."""
    (path,) = Path(confluent_kafka.__file__).parent.parent.glob("confluent_kafka.libs/librdkafka*")
    raise_fatal = ctypes.CDLL(str(path)).rd_kafka_test_fatal_error
    raise_fatal.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)
    handle = ctypes.c_void_p.from_address(id(producer) + HANDLE_AT)
    failed = raise_fatal(handle, KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER, b"made by a test")
    assert failed == 0, "librdkafka has taken the fatal error"


class FatalTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = TopicRig()
        kafka = load(KafkaSettings, {"KAFKA_BOOTSTRAP": self.rig.stack.kafka.bootstrap})
        clock = SystemClock()
        topic = TopicWatch(self.rig.view, self.rig.topic, lambda _: [], clock)
        topic.look()
        self.made: list[ProducerLike] = []
        make = producer_maker(kafka)

        def remember(batch_bytes: int, on_error: Callable[[KafkaError], None]) -> ProducerLike:
            self.made.append(make(batch_bytes, on_error))
            return self.made[-1]

        circuit = Circuit(clock, lambda: topic.seen_at)
        self.publisher = KafkaPublisher(remember, self.rig.topic, topic, circuit, clock, RecordedMetrics(), REQUESTS)
        self.addCleanup(self.publisher.close)

    def test_a_fatal_error_costs_no_request_that_comes_after_it(self) -> None:
        self.publisher.publish("preview", b"before", [])
        for producer in range(3):
            break_fatally(self.made[producer])  # type: ignore[arg-type]
            with ThreadPoolExecutor(REQUESTS) as threads:
                found = list(threads.map(lambda n: self.publisher.publish("preview", b"%d" % n, []), range(REQUESTS)))
            self.assertEqual(len({each.offset for each in found}), REQUESTS)
        self.assertEqual(len(self.made), 4)
        self.assertEqual(self.rig.view.ends(self.rig.topic, [0]), {0: 1 + 3 * REQUESTS})
