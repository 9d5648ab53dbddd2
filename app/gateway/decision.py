"""What the gateway can say of a request: who sent it, how much is left, and whether it may pass."""

from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from app.gateway.client import Client, LiveKey

#: After which a request is worth another try when we can't tell who sent it, or count it.
RETRY_SECONDS = 5
#: From this part of the daily limit on, answers carry a warning.
WARN_FROM = 0.8


class Outcome(Enum):
    """What came of asking for one request more."""

    TAKEN = "taken"
    EXHAUSTED = "exhausted"
    #: The counter can't be reached, and what may be lent without it is used up.
    UNKNOWN = "unknown"
    #: Nothing was asked for.
    LOOKED = "looked"


class Allowance(NamedTuple):
    """How a limited client stands on one GMT day: `current` requests used of `limit`, as far as this process knows."""

    outcome: Outcome
    limit: int
    current: int
    day: date
    #: Seconds until the day's last one: 23:59:59 GMT, as the platform's API always counted.
    reset_seconds: int
    #: Counted by this process alone, for the region database is away.
    is_degraded: bool = False


class Fault(NamedTuple):
    """Why a request can't pass: the rule that it broke, and what is said of it."""

    status: int
    rule: str
    code: int
    message: str


class Caller(NamedTuple):
    """Who sent a request, as far as it could be found out. Without a fault the key is known."""

    key: LiveKey | None
    fault: Fault | None = None
    is_signed: bool = False
    #: A nonce was looked up in this process alone, for the region database is away.
    is_degraded: bool = False


class Decision(NamedTuple):
    """The verdict on one request."""

    caller: Caller
    #: None: it may pass.
    fault: Fault | None
    #: None for a client without a limit, and where the client isn't known.
    allowance: Allowance | None = None
    #: The day on which the request was counted; None when it wasn't.
    charged_on: date | None = None

    @property
    def client(self) -> Client | None:
        return None if self.caller.key is None else self.caller.key.client

    @property
    def is_degraded(self) -> bool:
        return self.caller.is_degraded or (self.allowance is not None and self.allowance.is_degraded)


def reset_seconds(now: datetime) -> int:
    """Seconds until the last one of the GMT day."""
    return 86_399 - (now.hour * 3_600 + now.minute * 60 + now.second)


def headers_of(decision: Decision) -> dict[str, str]:
    """The headers of an answer of any status: the platform's three, and what is ours.

    Current, Limit and Reset (seconds left) are the platform's (contract: a live answer of 2012 in py7D's README).
    """
    found: dict[str, str] = {}
    allowance = decision.allowance
    if allowance is not None:
        _, limit, current, _, reset, _ = allowance
        found["X-RateLimit-Limit"] = str(limit)
        found["X-RateLimit-Current"] = str(current)
        found["X-RateLimit-Reset"] = str(reset)
        if current >= limit * WARN_FROM:
            found["X-RateLimit-Warning"] = f"{current} of {limit} requests of this day (GMT) are used"
    if decision.is_degraded:
        found["X-Gateway-Status"] = "degraded"
    fault = decision.fault
    if fault is not None and fault.status in {429, 503}:
        wait = allowance.reset_seconds + 1 if fault.status == 429 and allowance is not None else RETRY_SECONDS
        found["Retry-After"] = str(wait)
    return found
