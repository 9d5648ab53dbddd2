"""The fate of one record: acknowledged, too large, or without an answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from confluent_kafka import KafkaError, Message

from app.logs.circuit import Circuit, Ticket

Kept = Literal["no", "unknown"]


class NotPublished(Exception):
    """Kafka didn't acknowledge. `kept` says whether the record may be in the topic all the same."""

    def __init__(self, reason: str, kept: Kept) -> None:
        self.reason = reason
        self.kept = kept
        super().__init__(reason)


class RecordTooLarge(Exception):
    """The topic doesn't take a record of this size; nothing of it is kept."""


@dataclass(frozen=True)
class Published:
    """Where an acknowledged record is."""

    topic_id: str
    partition: int
    offset: int


class Delivery:
    """The fate of one record: told by the poll thread, awaited by the request's.

    Reports come a batch at a time. Each is only noted when it comes; the requests are woken when all of a batch are
    noted (`tell`): a request that wakes takes the interpreter from the thread that has the next report to read.
    """

    def __init__(self, circuit: Circuit, ticket: Ticket, note: Callable[["Delivery"], None]) -> None:
        self._note = note
        self._circuit = circuit
        self._ticket = ticket
        self._told = threading.Lock()
        self._told.acquire()
        self.error: int | None = None
        self.partition = -1
        self.offset: int | None = None

    def __call__(self, error: KafkaError | None, message: Message) -> None:
        """Hears the delivery report, inside of the producer's poll()."""
        if error is None:
            offset = message.offset()
            self.partition = message.partition() or 0
            # Without one the broker never answered for this record: docs/decisions/0013.
            self.offset = offset if offset is not None and offset >= 0 else None
        else:
            self.error = error.code()
        self._note(self)

    def tell(self) -> None:
        """Wakes the request that waits."""
        if self.error in {None, KafkaError.MSG_SIZE_TOO_LARGE}:
            self._circuit.answered(self._ticket)
        else:
            self._circuit.given_up(self._ticket)
        self._told.release()

    def wait(self, seconds: float) -> bool:
        """Says whether the fate is known."""
        return self._told.acquire(timeout=seconds)
