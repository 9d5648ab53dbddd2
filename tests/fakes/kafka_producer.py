"""A fake of confluent_kafka.Producer: delivery reports come when the test says so, from poll() as in the real one."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from common.records import Headers

#: A test shouldn't wait for a poll that hears nothing.
LONGEST_POLL_SECONDS = 0.02

OnDelivery = Callable[[KafkaError | None, Any], None]


@dataclass(frozen=True)
class FakeReport:
    """The part of confluent_kafka.Message that a delivery report needs."""

    number: int
    place: int

    def partition(self) -> int:
        return self.number

    def offset(self) -> int:
        return self.place


@dataclass(frozen=True)
class Produced:
    """A record that was handed over."""

    value: bytes
    headers: Headers
    on_delivery: OnDelivery


class FakeProducer:
    """Acknowledges at once by default; `hold` keeps reports back, `code` makes them errors."""

    def __init__(self, batch_bytes: int, on_error: Callable[[KafkaError], None]) -> None:
        self.batch_bytes = batch_bytes
        self.on_error = on_error
        self.hold = False
        self.code: int | None = None
        self.refusal: Exception | None = None
        self.offset = 0
        self.produced: list[Produced] = []
        self._open: list[Produced] = []
        self._changed = threading.Condition()

    def produce(self, topic: str, *, value: bytes, headers: Headers, on_delivery: OnDelivery) -> None:
        if self.refusal is not None:
            raise self.refusal
        with self._changed:
            self.produced.append(record := Produced(value, headers, on_delivery))
            self._open.append(record)
            self._changed.notify_all()

    def poll(self, timeout: float) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self._open and not self.hold, min(timeout, LONGEST_POLL_SECONDS))
            ready = [] if self.hold else self._open
            self._open = self._open if self.hold else []
        for record in ready:
            self.offset += 1
            error = None if self.code is None else KafkaError(self.code)
            record.on_delivery(error, FakeReport(3, self.offset))
        return len(ready)

    def flush(self, timeout: float) -> int:
        self.release()
        self.poll(0)
        return len(self)

    def release(self) -> None:
        """Lets the reports come that were kept back."""
        with self._changed:
            self.hold = False
            self._changed.notify_all()

    def wait_for_records(self, count: int, seconds: float = 5.0) -> bool:
        """Waits until so many records were handed over."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.produced) >= count, seconds)

    def __len__(self) -> int:
        return len(self._open)


def fatal(code: int = KafkaError._FATAL) -> KafkaException:
    """What produce() raises on a producer that can't go on."""
    # As the real one raises it: with the code, without the flag.
    return KafkaException(KafkaError(code, "fatal"))
