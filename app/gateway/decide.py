"""The verdict on one request, as one function: used in front of our own routes, for nginx, and by `explain`."""

from datetime import date, datetime
from typing import Protocol

from app.codes import MISSING, UNABLE
from app.gateway.client import Client
from app.gateway.decision import Allowance, Caller, Decision, Fault, Outcome
from app.gateway.services import Service, must_sign


class Quota(Protocol):
    """How many requests of its day a client has left: app.gateway.quota.DailyQuota, or a fake."""

    def take(self, client: Client, now: datetime) -> Allowance | date:
        """Takes one, if there is one. The day alone for a client without a limit."""

    def refund(self, client: str, day: date, *, was_lent: bool = False) -> None:
        """Gives one back."""

    def look(self, client: Client, now: datetime) -> Allowance | None:
        """Takes none."""


def decide(caller: Caller, service: Service, quota: Quota, now: datetime) -> Decision:
    """Who is it, may it, how much is left: in this order, and a request is counted when all else lets it pass.

    Decides by its arguments alone; `quota.take` is the one thing that it changes.
    """
    key = caller.key
    if key is None:
        return Decision(caller, caller.fault)
    client = key.client
    fault = caller.fault or _forbidden(caller, client, service)
    if fault is not None or service.is_open:
        return Decision(caller, fault, quota.look(client, now))
    taken = quota.take(client, now)
    if not isinstance(taken, Allowance):
        return Decision(caller, None, None, taken)
    if taken.outcome is Outcome.TAKEN:
        return Decision(caller, None, taken, taken.day)
    return Decision(caller, _uncounted(taken), taken)


def _forbidden(caller: Caller, client: Client, service: Service) -> Fault | None:
    if service.is_open:
        return None
    sign = must_sign(client, service)
    if sign is None:
        wanted = f"a service of {service.name}" if service.is_any_of_family else f"the service {service.name}"
        return Fault(403, "service", UNABLE, f"Access to resource denied: this key may not use {wanted}.")
    if sign and not caller.is_signed:
        message = (
            f"The service {service.name} takes signed requests only: sign with the consumer secret alone"
            " (OAuth 1.0, HMAC-SHA1 or HMAC-SHA256)."
        )
        return Fault(401, "must_sign", MISSING, message)
    return None


def _uncounted(found: Allowance) -> Fault:
    if found.outcome is Outcome.EXHAUSTED:
        # The platform's own sentence.
        return Fault(429, "limit", UNABLE, f"You have exceeded your daily request limit of {found.limit}.")
    return Fault(503, "uncounted", UNABLE, "Your requests can't be counted at the moment. Try again.")
