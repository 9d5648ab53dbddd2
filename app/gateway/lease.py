"""Takes requests of a client's day from the counter, in one transaction, and hands them to those who wait."""

from collections.abc import Callable
from datetime import date

from MySQLdb.connections import Connection

from app.gateway import usage_table
from app.gateway.account import REFUSED_SECONDS, Account, Ticket
from app.gateway.decision import Outcome
from common.clock import Clock

Take = Callable[[Connection, str, date, int, int], usage_table.Taken]


class Lease:
    """One visit to the counter. `run` may be repeated after a rollback; then `done` or `failed` ends it."""

    def __init__(self, account: Account, clock: Clock, take: Take = usage_table.take) -> None:
        self.account = account
        self._take = take
        self._clock = clock
        self._tickets: list[Ticket] = []
        self._day = date.min
        self._taken = usage_table.Taken(0, 0, 0)
        #: Others wait for the counter by now: it has to be asked again.
        self.has_more = False

    @property
    def granted(self) -> int:
        return self._taken.granted

    def run(self, connection: Connection) -> None:
        account = self.account
        with account.lock:
            self._tickets += account.tickets
            account.tickets = []
            self._day = account.day
            ahead = account.ahead(self._clock.monotonic())
        waiting = sum(not ticket.is_gone for ticket in self._tickets)
        self._taken = self._take(connection, account.client, self._day, waiting, ahead)

    def done(self) -> None:
        """Hands out what was taken, and notes whether others began to wait meanwhile."""
        account, (granted, used, limit), now = self.account, self._taken, self._clock.monotonic()
        with account.lock:
            is_same_day = account.day == self._day
            if is_same_day:
                account.see(used, now)
            served = 0
            for ticket in self._tickets:
                if ticket.is_gone:
                    continue
                outcome = Outcome.TAKEN if served < granted else Outcome.EXHAUSTED
                served += outcome is Outcome.TAKEN
                ticket.answer(outcome, self._day, limit, used - granted + served)
                if outcome is Outcome.EXHAUSTED and is_same_day:
                    account.refused_until = now + REFUSED_SECONDS
            account.keep(granted - served, self._day, now)
            self.has_more = account.ask_again()

    def failed(self, *, may_be_written: bool) -> None:  # noqa: ARG002 - as all jobs
        """The counter couldn't be asked: each request sees how it goes on. What was taken after all is lost to it."""
        with self.account.lock:
            for ticket in self._tickets + self.account.tickets:
                ticket.answer(None, self._day, 0, 0)
            self.account.tickets = []
            self.account.is_asking = False
