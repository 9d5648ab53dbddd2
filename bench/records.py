"""Fills the topic with records as the app writes them: canonical logs, a key and an id of its own for each."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from confluent_kafka import Producer

from app.logs.intake import Intake
from app.logs.stream import read_streams
from app.logs.validation import Validation
from app.request_ids import new_request_id
from bench.bodies import sample_logs
from bench.ground import BenchFailed
from common.clock import SystemClock
from common.metrics import NoMetrics
from common.records import Headers, RequestHead, digest_of, headers_of
from devstack.topics import PARTITIONS
from devstack.words import TOPIC

#: Different contents; what comes after them repeats them, in records of their own.
DIFFERENT_RECORDS = 1_000
CLIENTS = ("acme", "bolt", "coda")
FLUSH_SECONDS = 60.0


class Records:
    """Makes records of one size."""

    def __init__(self, logs_a_record: int) -> None:
        self._size = logs_a_record
        self._clock = SystemClock()
        (self._stream,) = (each for each in read_streams() if each.name == "preview")
        self._draw = random.Random("keys")
        self._intake = Intake(self._stream, Validation(self._stream), self._clock, NoMetrics())
        logs = sample_logs()
        self._values = [self._value(itertools.islice(logs, logs_a_record)) for _ in range(DIFFERENT_RECORDS)]

    def make(self, count: int) -> Iterator[tuple[bytes, Headers]]:
        """So many records, by several clients in turn."""
        source = zip(itertools.cycle(CLIENTS), itertools.cycle(self._values), strict=False)
        for client, value in itertools.islice(source, count):
            yield value, self._headers(client, value)

    def _value(self, logs: Iterator[dict[str, Any]]) -> bytes:
        return self._intake.read(json.dumps({"logs": list(logs)}).encode(), {}).value

    def _headers(self, client: str, value: bytes) -> Headers:
        head = RequestHead(
            request_id=new_request_id(self._clock),
            client=client,
            stream=self._stream.name,
            digest=digest_of(self._stream.name, value),
            count=self._size,
            idempotency_key=str(UUID(int=self._draw.getrandbits(128))).encode(),
        )
        return headers_of(head)


def fill(bootstrap: str, records: int, logs_a_record: int, moment: datetime | None = None) -> None:
    """Puts so many records into the stack's topic, as many into each partition. Raises BenchFailed.

    `moment` is their time, where the topic leaves it to us.
    """
    stamp: Any = {} if moment is None else {"timestamp": int(moment.timestamp() * 1000)}
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "lz4"})
    for number, (value, headers) in enumerate(Records(logs_a_record).make(records)):
        while True:
            try:
                producer.produce(TOPIC, value=value, headers=list(headers), partition=number % PARTITIONS, **stamp)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    if producer.flush(FLUSH_SECONDS):
        raise BenchFailed(f"the topic wasn't filled within {FLUSH_SECONDS:.0f} s: look into the broker's log")
