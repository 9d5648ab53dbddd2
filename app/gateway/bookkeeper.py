"""The one thread of a process that writes to the region database, on the one connection that it has for it.

Requests never talk to the database: they leave their wish here, wait for a bounded time, and go on without it when it
is away. What waits at the same moment shares a transaction, and so one sync of the disk.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from queue import Empty, SimpleQueue
from threading import Event, Thread

from MySQLdb.connections import Connection

from app.gateway.account import Account
from app.gateway.lease import Lease
from app.gateway.nonce_use import NonceUse, NonceUses
from app.gateway.nonces import Seen
from app.gateway.notes import Notes
from app.gateway.transaction import Failure, Transactions, Work
from common.clock import Clock
from common.metrics import Metrics

logger = logging.getLogger(__name__)

#: Between two writings of what can wait.
PERIOD_SECONDS = 1.0
#: Wishes that share a transaction.
MOST_AT_ONCE = 200
#: Longer than the period, the connection and one statement may take.
STOP_SECONDS = 8.0

Job = Lease | NonceUse


class Bookkeeper:
    """Leases, nonces, and what is added to the counters later. Make it after the fork; `start` begins the thread."""

    def __init__(self, connect: Callable[[], Connection], clock: Clock, metrics: Metrics) -> None:
        self._transactions = Transactions(connect)
        self._clock = clock
        self._metrics = metrics
        #: None: to be looked at, for the thread has to end.
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._notes = Notes(clock)
        self._every_second: list[Callable[[], None]] = []
        self._stopping = Event()
        self.is_down = False
        self._thread = Thread(target=self._loop, name="gateway-books", daemon=True)

    def every_second(self, work: Callable[[], None]) -> None:
        """Calls this before each writing, from the thread."""
        self._every_second.append(work)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Writes what is noted and ends the thread. Leases have to be given back before."""
        self._stopping.set()
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def lease(self, account: Account) -> None:
        """Asks the counter for what waits in the account."""
        self._jobs.put(Lease(account, self._clock))

    def use(self, signed_at: int, nonce_hash: bytes) -> Seen:
        """Uses a nonce up, in the table that all processes share."""
        found = Seen.NEW_HERE
        if not self.is_down:
            job = NonceUse(signed_at, nonce_hash)
            self._jobs.put(job)
            found, was_answered = job.wait()
            if not was_answered:
                self.suspect()
        if found is Seen.NEW_HERE:
            self._notes.nonce(signed_at, nonce_hash)
        return found

    def suspect(self) -> None:
        """Somebody waited in vain: until the thread has heard of the database again, nobody else does."""
        self._turn(is_down=True, code="no answer in time")

    def add(self, client: str, day: date, requests: int) -> None:
        """Adds to a counter, or takes from it, within a second."""
        self._notes.add(client, day, requests)

    def key_used(self, key_hmac: bytes, now: datetime) -> None:
        """Notes when a key was last used, to the minute."""
        self._notes.key(key_hmac, now)

    def _loop(self) -> None:
        write_at = self._clock.monotonic()
        while not self._stopping.is_set():
            try:
                self._do(self._next(write_at - self._clock.monotonic()))
                if self._clock.monotonic() >= write_at:
                    write_at = self._clock.monotonic() + PERIOD_SECONDS
                    self.write()
            except Exception:
                # Whoever waited goes on after a second; the next ones find the thread alive.
                logger.exception("the gateway's books failed")
        self._do(self._next(0))
        self.write()
        self._transactions.close()

    def _next(self, seconds: float) -> list[Job]:
        """What waits; nothing when nothing came within so many seconds."""
        found: list[Job | None] = []
        with suppress(Empty):
            found.append(self._jobs.get(timeout=max(0.0, seconds)))
            while len(found) < MOST_AT_ONCE:
                found.append(self._jobs.get_nowait())
        return [job for job in found if job is not None]

    def write(self) -> None:
        """Writes what was noted. While the database is away, this is how we find out that it is back."""
        for work in self._every_second:
            work()
        batch = self._notes.take()
        if self.is_down or not batch.is_empty:
            failure = self._attempt([batch])
            if failure is not None:
                self._notes.put_back(batch, may_be_written=failure.may_be_written)
        self._metrics.gauge("quota.degraded", int(self.is_down))

    def _do(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        # All processes lock rows in one order: counters by client, then nonces.
        leases = sorted((job for job in jobs if isinstance(job, Lease)), key=lambda lease: lease.account.client)
        nonces = [job for job in jobs if isinstance(job, NonceUse)]
        work: list[Lease | NonceUses] = [*leases, *([NonceUses(nonces)] if nonces else [])]
        failure = self._attempt(work)
        for job in work:
            if failure is not None:
                job.failed(may_be_written=failure.may_be_written)
                continue
            job.done()
            if isinstance(job, Lease):
                self._metrics.count("quota.leased", job.granted)
                if job.has_more:
                    self._jobs.put(Lease(job.account, self._clock))

    def _attempt(self, work: Sequence[Work]) -> Failure | None:
        failure = self._transactions.attempt(work)
        if failure is None or not failure.is_passing:
            self._turn(is_down=failure is not None, code=failure.code if failure else None)
        return failure

    def _turn(self, *, is_down: bool, code: object) -> None:
        if is_down and not self.is_down:
            facts = {"error_code": code}
            logger.warning(
                "the counters can't be reached (%(error_code)s): requests are counted here", facts, extra=facts
            )
        elif self.is_down and not is_down:
            logger.info("the counters can be reached again")
        self.is_down = is_down
