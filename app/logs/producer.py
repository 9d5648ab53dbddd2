"""The settings of the Kafka producer, and the thread that hears its delivery reports."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from confluent_kafka import KafkaError, Message, Producer

from app.logs.delivery import Delivery
from app.logs.limits import MAX_RECORD_BYTES, MESSAGE_TIMEOUT_SECONDS
from common.kafka import KafkaSettings
from common.kafka_log import kafka_logger
from common.records import Headers

logger = logging.getLogger(__name__)

#: Records of so many bytes together travel, and are acknowledged, as one; a larger one travels alone. 16 KiB made a
#: batch of each request of 100 logs: a tenth fewer requests per second, and twice the broker's time for each.
BATCH_BYTES = 256 * 1024
#: What a record may wait for others. 2 ms made smaller batches, 10 ms let 32 senders of single logs wait: 6 and 11 %
#: fewer requests per second.
LINGER_MILLISECONDS = 5
#: Records in memory, unacknowledged; beyond it requests are refused.
QUEUE_KILOBYTES = 64 * 1024
POLL_SECONDS = 0.2

OnError = Callable[[KafkaError], None]
OnDelivery = Callable[[KafkaError | None, Message], None]


class ProducerLike(Protocol):
    """What we use of confluent_kafka.Producer."""

    def produce(self, topic: str, *, value: bytes, headers: Any, on_delivery: OnDelivery) -> None: ...

    def poll(self, timeout: float) -> int: ...

    def flush(self, timeout: float) -> int: ...

    def __len__(self) -> int: ...


#: Makes a producer that puts at most so many bytes into a batch, and tells of errors that concern no single record.
MakeProducer = Callable[[int, OnError], ProducerLike]


def producer_settings(kafka: KafkaSettings, batch_bytes: int, on_error: OnError) -> dict[str, Any]:
    """Nothing lost: acknowledged by all in-sync replicas; nothing twice: idempotent."""
    return kafka.client() | {
        "acks": "all",
        "enable.idempotence": True,
        "compression.type": "lz4",
        "linger.ms": LINGER_MILLISECONDS,
        "batch.size": batch_bytes,
        "message.max.bytes": MAX_RECORD_BYTES + BATCH_BYTES,
        "message.timeout.ms": int(MESSAGE_TIMEOUT_SECONDS * 1000),
        # No other question waits longer than a record: one on a connection that fell silent keeps the connection for as
        # long, and the records behind it. librdkafka's own is a minute.
        "socket.timeout.ms": int(MESSAGE_TIMEOUT_SECONDS * 1000),
        "queue.buffering.max.kbytes": QUEUE_KILOBYTES,
        "socket.keepalive.enable": True,
        "socket.nagle.disable": True,
        "error_cb": on_error,
    }


def producer_maker(kafka: KafkaSettings) -> MakeProducer:
    """Makes real producers."""

    def make(batch_bytes: int, on_error: OnError) -> ProducerLike:
        made: ProducerLike = Producer(producer_settings(kafka, batch_bytes, on_error), logger=kafka_logger())
        return made

    return make


class Line:
    """One producer with its poll thread: callbacks run only inside poll()."""

    def __init__(self, producer: ProducerLike, batch_bytes: int, on_tick: Callable[[], None]) -> None:
        self.producer = producer
        self.batch_bytes = batch_bytes
        self._on_tick = on_tick
        self._is_retired = False
        self._noted: deque[Delivery] = deque()
        self._thread = threading.Thread(target=self._run, name="producer-poll", daemon=True)
        self._thread.start()

    def note(self, delivery: Delivery) -> None:
        """Keeps a delivery whose fate is known, until the whole batch of reports has come."""
        self._noted.append(delivery)

    def produce(self, topic: str, value: bytes, headers: Headers, on_delivery: OnDelivery) -> None:
        """Hands a record over, without a key: every partition gets its share."""
        self.producer.produce(topic, value=value, headers=headers, on_delivery=on_delivery)

    def retire(self) -> None:
        """Takes no more records; the thread ends when the fate of the last one is known."""
        self._is_retired = True

    def close(self, seconds: float) -> int:
        """Sends what waits, for at most so long; returns how many records are left without an answer."""
        left = self.producer.flush(seconds)
        self._tell()
        self.retire()
        self._thread.join(POLL_SECONDS * 2)
        return left

    def _run(self) -> None:
        while not (self._is_retired and len(self.producer) == 0):
            try:
                self._turn()
            except Exception:
                # Without this thread no request would ever hear of its record.
                logger.exception("a callback of the producer failed")

    def _turn(self) -> None:
        try:
            self.producer.poll(POLL_SECONDS)
        finally:
            self._tell()
        self._on_tick()

    def _tell(self) -> None:
        while True:
            try:
                delivery = self._noted.popleft()
            except IndexError:
                return  # close() tells as well: emptiness can't be asked first.
            delivery.tell()
