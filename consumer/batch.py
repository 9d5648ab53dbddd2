"""What was read from Kafka and waits to be stored, a partition at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

Headers = Sequence[tuple[str, bytes | None]] | None

#: A record costs memory beside its value.
RECORD_OVERHEAD_BYTES = 500


@dataclass(frozen=True, slots=True)
class Polled:
    """A record as Kafka gave it. `appended_at` is the broker's append time, in UTC and aware."""

    offset: int
    appended_at: datetime
    headers: Headers
    value: bytes | None

    @property
    def size_bytes(self) -> int:
        """About what the record takes in memory."""
        return RECORD_OVERHEAD_BYTES + len(self.value or b"")

    @property
    def rows(self) -> int:
        """How many logs its header promises; 1 where it promises none."""
        for name, data in self.headers or ():
            if name == "count" and data is not None and data.isdigit() and len(data) < 6:
                return max(1, int(data))
        return 1


@dataclass(frozen=True)
class Limits:
    """When a batch is written: at so many rows or bytes, or when its oldest record has waited so many seconds."""

    rows: int
    bytes: int
    seconds: float


@dataclass
class Buffer:
    """The records of one partition that were polled and not yet handed to a writer, in offset order."""

    records: list[Polled] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    oldest_at: float = 0.0

    def add(self, record: Polled, monotonic: float) -> None:
        """Takes a record at the end."""
        if not self.records:
            self.oldest_at = monotonic
        self.records.append(record)
        self.rows += record.rows
        self.bytes += record.size_bytes

    def is_due(self, limits: Limits, monotonic: float) -> bool:
        """Whether a batch should be written now."""
        if not self.records:
            return False
        return self.rows >= limits.rows or self.bytes >= limits.bytes or monotonic - self.oldest_at >= limits.seconds

    def take(self, limits: Limits) -> list[Polled]:
        """Removes and returns the first records, up to the limits and at least one."""
        rows = size = taken = 0
        for record in self.records:
            if taken and (rows + record.rows > limits.rows or size + record.size_bytes > limits.bytes):
                break
            rows, size, taken = rows + record.rows, size + record.size_bytes, taken + 1
        batch = self.records[:taken]
        del self.records[:taken]
        self.rows -= rows
        self.bytes -= size
        return batch

    def clear(self) -> None:
        """Forgets everything; it will be read again."""
        self.records.clear()
        self.rows = self.bytes = 0
