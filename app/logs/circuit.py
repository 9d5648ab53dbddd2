"""Says whether a record may be handed to the producer, or whether Kafka is silent and the sender hears so at once."""

import threading
from collections.abc import Callable
from enum import IntEnum
from itertools import count

from common.clock import Clock

#: Kafka counts as silent when a record has waited this long and nothing was acknowledged meanwhile.
STALL_SECONDS = 1.0
#: How long an open circuit refuses everything before it lets one request through.
RETRY_SECONDS = 1.0

Ticket = int


class State(IntEnum):
    """The metric publish.circuit has these numbers."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class Circuit:
    """Counts what waits for an acknowledgement. May be used from several threads.

    Closed: all pass. Open: none pass, for the oldest record waits for more than a second and Kafka acknowledged
    nothing since, or all brokers are down. Half open: one record passes; its fate decides. Any acknowledgement closes.

    It turns half open only after Kafka has answered a question that was asked since it opened: `seen_at` tells when the
    last answered one was asked. Else one request in each worker would always wait for its record's time-out in vain.
    """

    def __init__(self, clock: Clock, seen_at: Callable[[], float] = lambda: float("inf")) -> None:
        self._clock, self._seen_at = clock, seen_at
        self._lock = threading.Lock()
        self._tickets = count()
        # In the order of their start: the first is the oldest.
        self._waiting: dict[Ticket, float] = {}
        self._last_answer = float("-inf")
        self._opened_at: float | None = None
        self._probe: Ticket | None = None

    @property
    def state(self) -> State:
        with self._lock:
            return self._state()

    @property
    def is_blind(self) -> bool:
        """Whether it is open, and Kafka hasn't answered any question since."""
        with self._lock:
            if self._opened_at is None:
                return self._is_stalled(self._clock.monotonic())
            return self._seen_at() <= self._opened_at

    @property
    def waiting(self) -> int:
        """Records that were produced and not yet acknowledged or given up."""
        return len(self._waiting)

    def enter(self) -> Ticket | None:
        """A ticket for one record, to be given back; None when it must not be produced."""
        with self._lock:
            now = self._clock.monotonic()
            if self._opened_at is None and self._is_stalled(now):
                self._opened_at = now
            if self._opened_at is not None and not self._may_probe(now, self._opened_at):
                return None
            ticket = next(self._tickets)
            self._waiting[ticket] = now
            if self._opened_at is not None:
                self._probe = ticket
            return ticket

    def answered(self, ticket: Ticket) -> None:
        """The brokers acknowledged a record, or refused it: they are there."""
        with self._lock:
            self._waiting.pop(ticket, None)
            self._last_answer = self._clock.monotonic()
            self._opened_at = self._probe = None

    def given_up(self, ticket: Ticket) -> None:
        """A record got no answer: it timed out, or never left."""
        with self._lock:
            now = self._clock.monotonic()
            # The last of them to go takes along the only sign that Kafka is silent, if no other record came meanwhile.
            if ticket == self._probe or (self._opened_at is None and self._is_stalled(now)):
                self._opened_at = now
            if ticket == self._probe:
                self._probe = None
            self._waiting.pop(ticket, None)

    def brokers_down(self) -> None:
        """The client library lost every broker."""
        with self._lock:
            if self._opened_at is None:
                self._opened_at = self._clock.monotonic()

    def _state(self) -> State:
        if self._opened_at is None:
            return State.OPEN if self._is_stalled(self._clock.monotonic()) else State.CLOSED
        return State.OPEN if self._probe is None else State.HALF_OPEN

    def _may_probe(self, now: float, opened_at: float) -> bool:
        return self._probe is None and now - opened_at >= RETRY_SECONDS and self._seen_at() > opened_at

    def _is_stalled(self, now: float) -> bool:
        oldest = next(iter(self._waiting.values()), None)
        return oldest is not None and now - max(oldest, self._last_answer) > STALL_SECONDS
