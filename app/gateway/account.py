"""One limited client's day in one process: the requests that were leased from the counter, and those that wait."""

from collections.abc import Callable
from datetime import date
from threading import Event, Lock

from app.gateway.decision import Outcome

#: The most that a process takes from the counter ahead of need. Killed with -9 it leaves the client so many short.
MAX_LEASE = 50
#: So many times what is taken ahead must be left of the limit: near it, requests are taken one by one.
SPARE = 20
#: A lease is given back this long after it was taken.
LEASE_SECONDS = 1.0
#: For so long a client is refused without asking the counter again: a limit that was raised works after it.
REFUSED_SECONDS = 0.1


class Ticket:
    """A request that waits for the counter."""

    __slots__ = ("_answered", "current", "day", "is_gone", "limit", "outcome")

    def __init__(self) -> None:
        self._answered = Event()
        #: None: the counter couldn't be asked.
        self.outcome: Outcome | None = None
        #: Its request didn't wait for the answer.
        self.is_gone = False
        self.limit = self.current = 0
        self.day = date.min

    def wait(self, seconds: float) -> bool:
        return self._answered.wait(seconds)

    def answer(self, outcome: Outcome | None, day: date, limit: int, current: int) -> None:
        self.outcome, self.day, self.limit, self.current = outcome, day, limit, current
        self._answered.set()


class Account:
    """All of it under its lock, which nobody holds while asking the database."""

    def __init__(self, client: str, give_back: Callable[[str, date, int], None]) -> None:
        self.client = client
        self.lock = Lock()
        self.day = date.min
        self.limit = 0
        #: The counter as it was last seen, with what is leased to us in it; None before that.
        self.used: int | None = None
        self.used_at = float("-inf")
        #: Leased and not used.
        self.left = 0
        self.leased_at = float("-inf")
        self.refused_until = float("-inf")
        #: Lent on this day without the counter, in all, and since it was last seen.
        self.lent = self.lent_since = 0
        self.tickets: list[Ticket] = []
        self.is_asking = False
        self._give_back = give_back
        self._ahead = 0

    def turn(self, day: date, limit: int) -> None:
        """A new day, or another limit: what was leased under the old one goes back."""
        if day != self.day:
            self.give_back()
            self.day, self.used, self.lent, self.lent_since = day, None, 0, 0
            self.used_at = self.refused_until = float("-inf")
        if limit != self.limit:
            self.give_back()
            self.limit = limit
            self.refused_until = float("-inf")

    @property
    def current(self) -> int:
        """Requests of the day, as far as this process knows."""
        return max(0, (self.used or 0) - self.left + self.lent_since)

    def ahead(self, now: float) -> int:
        """How much to lease beyond what waits: more and more while it is used up, nothing after a quiet second."""
        is_busy = now - self.leased_at < LEASE_SECONDS
        wish = min(MAX_LEASE, max(1, self._ahead * 2)) if is_busy else 0
        self._ahead = min(wish, max(0, self.limit - (self.used or 0)) // SPARE)
        return self._ahead

    def see(self, used: int, now: float) -> None:
        """What the counter says. Older news than our own changes nothing."""
        if now >= self.used_at:
            self.used, self.used_at, self.lent_since = used, now, 0

    def give_back(self) -> None:
        """The rest of a lease goes back to the counter."""
        if self.left:
            self._give_back(self.client, self.day, self.left)
            if self.used is not None:
                self.used -= self.left
            self.left = 0

    def keep(self, requests: int, day: date, now: float) -> None:
        """What was leased and is needed by nobody at the moment; of a day that is over it goes back."""
        self.leased_at = now
        if day != self.day:
            if requests:
                self._give_back(self.client, day, requests)
            return
        self.left += requests

    def ask_again(self) -> bool:
        """Whether somebody waits whom nobody asks for; then the caller has to."""
        self.is_asking = bool(self.tickets)
        return self.is_asking
