"""A fake of the region database's counters and nonces, shared by several processes' fakes of the bookkeeper."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from app.gateway.account import SPARE, Account
from app.gateway.lease import Lease
from app.gateway.nonces import Seen
from app.gateway.usage_table import UNLIMITED, Taken
from common.clock import Clock


class CounterStore:
    """The tables: what each client used on each day, the limits, and the nonces."""

    def __init__(self) -> None:
        self.used: Counter[tuple[date, str]] = Counter()
        self.limits: dict[str, int | None] = {}
        self.nonces: set[tuple[int, bytes]] = set()
        self.is_down = False
        self.visits = 0

    def take(self, _: Any, client: str, day: date, waiting: int, ahead: int) -> Taken:
        """As app.gateway.usage_table.take."""
        self.visits += 1
        known = self.limits[client]
        limit, used = UNLIMITED if known is None else known, self.used[day, client]
        granted = waiting + ahead if used + waiting + ahead * SPARE <= limit else min(waiting, max(0, limit - used))
        self.used[day, client] += granted
        return Taken(granted, self.used[day, client], limit)


class FakeCounters:
    """A fake of app.gateway.bookkeeper.Bookkeeper: asks at once; `write` does what waits, as once a second."""

    def __init__(self, store: CounterStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.noted: Counter[tuple[date, str]] = Counter()
        self.keys: dict[bytes, datetime] = {}

    @property
    def is_down(self) -> bool:
        return self._store.is_down

    def lease(self, account: Account) -> None:
        lease = Lease(account, self._clock, self._store.take)
        if self._store.is_down:
            lease.failed(may_be_written=False)
            return
        lease.run(None)  # type: ignore[arg-type]
        lease.done()

    def suspect(self) -> None:
        self._store.is_down = True

    def add(self, client: str, day: date, requests: int) -> None:
        self.noted[day, client] += requests

    def use(self, signed_at: int, nonce_hash: bytes) -> Seen:
        if self._store.is_down:
            return Seen.NEW_HERE
        if (signed_at, nonce_hash) in self._store.nonces:
            return Seen.BEFORE
        self._store.nonces.add((signed_at, nonce_hash))
        return Seen.NEW

    def key_used(self, key_hmac: bytes, now: datetime) -> None:
        self.keys[key_hmac] = now

    def write(self) -> None:
        """Writes what was noted, if the store is there."""
        if not self._store.is_down:
            for place, requests in self.noted.items():
                self._store.used[place] = max(0, self._store.used[place] + requests)
            self.noted.clear()
