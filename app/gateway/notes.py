"""What a process writes later, in one go: changes of counters, nonces used while the table was away, keys in use."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from MySQLdb.connections import Connection

from app.gateway import usage_table
from app.gateway.signature import SKEW_SECONDS
from common.clock import Clock

#: A key's use is noted once in so many seconds.
KEY_SECONDS = 60.0
#: Nonces that wait for the table to come back; beyond it the oldest are forgotten.
MOST_NONCES = 200_000
#: Nonces are swept out so often.
SWEEP_SECONDS = 60.0


@dataclass
class Batch:
    """What is written in one transaction."""

    changes: dict[tuple[date, str], int] = field(default_factory=dict)
    nonces: list[tuple[int, bytes]] = field(default_factory=list)
    keys: dict[bytes, datetime] = field(default_factory=dict)
    forget_before: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (any(self.changes.values()) or self.nonces or self.keys or self.forget_before)

    def run(self, connection: Connection) -> None:
        usage_table.add(connection, self.changes)
        usage_table.tell_nonces(connection, self.nonces)
        usage_table.note_keys(connection, self.keys)
        if self.forget_before is not None:
            usage_table.forget_nonces(connection, self.forget_before)


class Notes:
    """Filled by requests, emptied by the bookkeeper's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._changes: dict[tuple[date, str], int] = defaultdict(int)
        self._nonces: list[tuple[int, bytes]] = []
        self._keys: dict[bytes, datetime] = {}
        self._noted: dict[bytes, float] = {}
        self._sweep_at = float("-inf")

    def add(self, client: str, day: date, requests: int) -> None:
        with self._lock:
            self._changes[day, client] += requests

    def nonce(self, signed_at: int, nonce_hash: bytes) -> None:
        with self._lock:
            self._nonces.append((signed_at, nonce_hash))
            del self._nonces[:-MOST_NONCES]

    def key(self, key_hmac: bytes, now: datetime) -> None:
        moment = self._clock.monotonic()
        # Almost always: this one was noted a moment ago.
        if moment - self._noted.get(key_hmac, float("-inf")) < KEY_SECONDS:
            return
        with self._lock:
            self._noted[key_hmac] = moment
            self._keys[key_hmac] = now

    def take(self) -> Batch:
        """Everything that was noted, and the sweep when it is due."""
        moment, now = self._clock.monotonic(), int(self._clock.now().timestamp())
        with self._lock:
            batch = Batch(dict(self._changes), self._nonces, self._keys)
            self._changes, self._nonces, self._keys = defaultdict(int), [], {}
        if moment - self._sweep_at >= SWEEP_SECONDS:
            self._sweep_at = moment
            # Twice the window: a timestamp ahead of our clock is valid for so long.
            batch.forget_before = now - 2 * SKEW_SECONDS
        return batch

    def put_back(self, batch: Batch, *, may_be_written: bool) -> None:
        """It couldn't be written, or nobody knows. Then what was given back is forgotten: twice would be too much."""
        with self._lock:
            for place, requests in batch.changes.items():
                if requests > 0 or not may_be_written:
                    self._changes[place] += requests
            self._nonces = [*batch.nonces, *self._nonces][-MOST_NONCES:]
            self._keys = {**batch.keys, **self._keys}
