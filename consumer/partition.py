"""One assigned partition, as the poll thread and its writer share it."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from consumer.batch import Buffer
from consumer.booking import Position


@dataclass(eq=False)
class Partition:
    """A partition from its assignment to its revocation; assigned again, it is another object.

    The poll thread owns everything but `position`, which belongs to the writer; `abandoned` is the one mark that goes
    from the poll thread to the writer while a batch is under way.
    """

    number: int
    buffer: Buffer = field(default_factory=Buffer)
    abandoned: threading.Event = field(default_factory=threading.Event)
    #: The writer's: where the ledger stands, None until it was read.
    position: Position | None = None
    #: The poll thread's: the offset that must come next, None until the writer has said where to begin.
    expected: int | None = None
    is_busy: bool = False
    is_paused: bool = True
    #: The offset that came instead of the expected one; looked into once what came before is stored.
    hole: int | None = None
    trouble: str | None = None
    held: str | None = None
    stored_offset: int | None = None
    stored_at: datetime | None = None
    tended_at: float = 0.0
    #: When the consumer was last sent to the expected offset.
    sought_at: float = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it is read and stored without trouble."""
        return self.expected is not None and self.trouble is None and self.held is None


class Done:
    """News that ends the piece of work under way."""

    ends_work = True


class UnderWay:
    """News from the middle of a piece of work, which goes on."""

    ends_work = False


@dataclass(frozen=True)
class Loaded(Done):
    """The ledger was read and agrees with the topic: read on from the position's next offset."""

    partition: Partition
    next_offset: int


@dataclass(frozen=True)
class Stored(Done):
    """The writer has finished a piece of work; the partition stands at `next_offset`, booked up to `booked_at`."""

    partition: Partition
    next_offset: int
    booked_at: datetime | None


@dataclass(frozen=True)
class Troubled(UnderWay):
    """The writer met a passing trouble and tries again; pause."""

    partition: Partition
    reason: str


@dataclass(frozen=True)
class MayResume(Done):
    """The topic is still the one we know: the paused partition may be read on."""

    partition: Partition


@dataclass(frozen=True)
class Astray(Done):
    """Kafka has records from `next_offset` on, and they didn't come: the consumer reads elsewhere. Seek again."""

    partition: Partition
    next_offset: int


@dataclass(frozen=True)
class Lost(UnderWay):
    """The position isn't where we left it: forget what was read; the writer is reading the ledger again."""

    partition: Partition
    cause: str


@dataclass(frozen=True)
class Held(Done):
    """The partition stays paused until an operator has looked."""

    partition: Partition
    reason: str


@dataclass(frozen=True)
class Failed(Done):
    """The process must stop."""

    partition: Partition
    error: Exception


@dataclass(frozen=True)
class GaveUp(Done):
    """The batch was abandoned; nothing of it was stored."""

    partition: Partition


News = Loaded | Stored | Troubled | MayResume | Astray | Lost | Held | Failed | GaveUp
