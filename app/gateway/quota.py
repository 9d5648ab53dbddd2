"""The daily limit: exact over all processes, by leases from the counter in the region database.

A day is GMT's. The counter is a row of client and date: nothing expires, nothing is reset. A process takes a few
requests ahead from it while plenty are left, and one by one near the limit, so that none is stuck elsewhere.
Never over the limit; while the database is away over it by `budget` a process at most, which is charged afterwards.
"""

from collections.abc import Mapping
from datetime import date, datetime
from threading import Lock
from typing import Protocol

from app.gateway.account import LEASE_SECONDS, Account, Ticket
from app.gateway.client import Client
from app.gateway.decision import Allowance, Outcome, reset_seconds
from common.clock import Clock

#: How long a request waits for the counter. Then it is lent from the budget, as while the database is away.
WAIT_SECONDS = 1.0
#: What a process lends a client on one day, in all, without the counter.
DEFAULT_BUDGET = 50


class Counters(Protocol):
    """The counters of the region database: app.gateway.bookkeeper.Bookkeeper, or a fake."""

    @property
    def is_down(self) -> bool:
        """Whether the database was away when it was last asked."""

    def lease(self, account: Account) -> None:
        """Asks for what waits in the account, and answers its tickets, from another thread."""

    def suspect(self) -> None:
        """Hears that somebody waited in vain."""

    def add(self, client: str, day: date, requests: int) -> None:
        """Adds to a counter (or takes from it, if negative), later, in one go with others."""


class DailyQuota:
    """How much of its day each client has left. One a process."""

    def __init__(
        self, counters: Counters, clock: Clock, budget: int = DEFAULT_BUDGET, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._counters = counters
        self._clock = clock
        self._budget = budget
        self._wait_seconds = wait_seconds
        self._opening = Lock()
        self._accounts: dict[str, Account] = {}
        self._told: tuple[date, Mapping[str, int], float] = (date.min, {}, float("-inf"))

    def take(self, client: Client, now: datetime) -> Allowance | date:
        """Takes one request of the day, if there is one; of a client without a limit it is only counted, later."""
        if client.daily_limit is None:
            self._counters.add(client.name, now.date(), 1)
            return now.date()
        account = self._account(client)
        with account.lock:
            self._turn(account, client.daily_limit)
            if account.left:
                account.left -= 1
                return _said(account, Outcome.TAKEN, now)
            if self._clock.monotonic() < account.refused_until:
                return _said(account, Outcome.EXHAUSTED, now)
            if self._counters.is_down:
                return self._lend(account, now)
            ticket = Ticket()
            account.tickets.append(ticket)
            has_to_ask, account.is_asking = not account.is_asking, True
        if has_to_ask:
            self._counters.lease(account)
        return self._wait(account, ticket, now)

    def look(self, client: Client, now: datetime) -> Allowance | None:
        """How the client stands; None without a limit."""
        if client.daily_limit is None:
            return None
        account = self._account(client)
        with account.lock:
            self._turn(account, client.daily_limit)
            return _said(account, Outcome.LOOKED, now, is_degraded=self._counters.is_down)

    def refund(self, client: str, day: date, *, was_lent: bool = False) -> None:
        """Gives a request back that we answered with a 5xx; `was_lent` if it was counted without the counter."""
        account = self._accounts.get(client)
        if account is not None:
            with account.lock:
                if account.day == day and not was_lent:
                    account.left += 1
                    account.refused_until = float("-inf")
                    return
                if account.day == day:
                    account.lent -= 1
                    account.lent_since = max(0, account.lent_since - 1)
        self._counters.add(client, day, -1)

    def told(self, day: date, used: Mapping[str, int], asked_at: float) -> None:
        """What the counters of a day said when they were read, from `asked_at` on (monotonic seconds)."""
        self._told = (day, used, asked_at)
        for account in list(self._accounts.values()):
            with account.lock:
                if account.day == day:
                    account.see(used.get(account.client, 0), asked_at)

    def give_back_old(self, *, is_end: bool = False) -> None:
        """Leases that are older than a second go back; at the end all do."""
        now = self._clock.monotonic()
        for account in list(self._accounts.values()):
            with account.lock:
                if is_end or now - account.leased_at >= LEASE_SECONDS:
                    account.give_back()

    def _account(self, client: Client) -> Account:
        found = self._accounts.get(client.name)
        if found is None:
            with self._opening:
                found = self._accounts.setdefault(client.name, Account(client.name, self._give_back))
        return found

    def _turn(self, account: Account, limit: int) -> None:
        # Asked under the lock: a request that began before midnight doesn't turn the day back for those after it.
        day = self._clock.now().date()
        account.turn(day, limit)
        told_day, used, asked_at = self._told
        if account.used is None and told_day == day:
            account.see(used.get(account.client, 0), asked_at)

    def _give_back(self, client: str, day: date, requests: int) -> None:
        self._counters.add(client, day, -requests)

    def _wait(self, account: Account, ticket: Ticket, now: datetime) -> Allowance:
        if not ticket.wait(self._wait_seconds):
            self._counters.suspect()
        with account.lock:
            if ticket.outcome is None:
                ticket.is_gone = True
                return self._lend(account, now)
        return Allowance(ticket.outcome, ticket.limit, ticket.current, ticket.day, reset_seconds(now))

    def _lend(self, account: Account, now: datetime) -> Allowance:
        """One of the budget, and never more than what was left of the day when the counter was last seen."""
        if account.current >= account.limit:
            return _said(account, Outcome.EXHAUSTED, now, is_degraded=True)
        if account.lent >= self._budget:
            return _said(account, Outcome.UNKNOWN, now, is_degraded=True)
        account.lent += 1
        account.lent_since += 1
        self._counters.add(account.client, account.day, 1)
        return _said(account, Outcome.TAKEN, now, is_degraded=True)


def _said(account: Account, outcome: Outcome, now: datetime, *, is_degraded: bool = False) -> Allowance:
    return Allowance(outcome, account.limit, account.current, account.day, reset_seconds(now), is_degraded)
