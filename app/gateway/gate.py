"""The check in front of every public endpoint: whose request is it, may it pass, and is it counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from flask import Request, g

from app.codes import UNABLE
from app.errors import ApiError
from app.gateway.client import Client, LiveKey
from app.gateway.clients import Clients
from app.gateway.decide import Quota, decide
from app.gateway.decision import Caller, Decision, Fault
from app.gateway.form import read_form
from app.gateway.keys import find_keys
from app.gateway.nonces import Nonces, Seen, SharedNonces
from app.gateway.presented import Presented, present
from app.gateway.sealed import SealingKeys
from app.gateway.services import Service
from app.gateway.signature import SEVERAL_KEYS, USED_NONCE, has_user_token, verify
from app.gateway.verdicts import COMPARED_IN_ENVIRON, IN_ENVIRON, Verdicts
from common.clock import Clock
from common.metrics import Metrics

LATE = Fault(403, "late", UNABLE, "Nobody can say any more who asked this first.")

#: In a request's environment: what was decided before Flask. No header of a sender gets such a name.
DECIDED = "playlog.decision"


@dataclass(frozen=True)
class Visit:
    """A request that may pass, and its parameters by lower-case name."""

    client: Client
    parameters: Mapping[str, str]


class Books(SharedNonces, Protocol):
    """What the gate asks of app.gateway.bookkeeper.Bookkeeper beside what the quota does."""

    def key_used(self, key_hmac: bytes, now: datetime) -> None:
        """Notes when a key was last used."""


class Gate:
    """Lets those in who may. What it decided is `g.decision`, from which the answer gets its headers."""

    def __init__(
        self,
        clients: Clients,
        quota: Quota,
        books: Books,
        keys: SealingKeys,
        clock: Clock,
        metrics: Metrics,
        verdicts: Verdicts | None = None,
    ) -> None:
        self._clients = clients
        self._quota = quota
        self._nonces = Nonces(books)
        self._key_used = books.key_used
        self._keys = keys
        self._verdicts = verdicts
        self._clock = clock
        self._metrics = metrics

    def enter(self, request: Request, service: Service) -> Visit:
        """Who sends the request. Raises ApiError: 401, 403, 429, or 503 when nobody can tell."""
        environ = request.environ
        presented = present(environ, read_form(environ))
        # Whoever stands before Flask may have asked already: nobody is counted twice.
        decision = environ.pop(DECIDED, None) or self.decided(environ) or self.decide(presented, service)
        g.decision = decision
        if decision.fault is not None:
            raise refused(decision.fault)
        assert decision.client is not None
        return Visit(decision.client, presented.query)

    def decided(self, environ: Mapping[str, Any]) -> Decision | None:
        """What nginx was told of this request before it sent it here; None when nobody has decided yet."""
        text = environ.get(IN_ENVIRON)
        if not text or self._verdicts is None:
            return None
        target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO", "/")
        is_compared = COMPARED_IN_ENVIRON in environ
        decision = self._verdicts.decision(text, target, is_compared=is_compared)
        # A comparison is never counted: it was, when its client asked.
        return Decision(Caller(None), LATE) if decision is None and is_compared else decision

    def decide(self, presented: Presented, service: Service) -> Decision:
        """The verdict on what a request shows; a request that passes is counted."""
        now = self._clock.now()
        caller = self.call(presented)
        decision = decide(caller, service, self._quota, now)
        if decision.fault is not None:
            self._metrics.count("gateway.refused", tags=[f"rule:{decision.fault.rule}"])
        elif caller.key is not None:
            self._key_used(caller.key.key_hmac, now)
        return decision

    def call(self, presented: Presented) -> Caller:
        """Who it is. A signature is checked wherever there is one that can be; its nonce is used up then."""
        found = find_keys(presented.query, presented.form, presented.header)
        if len(found) > 1:
            return Caller(None, SEVERAL_KEYS)
        key = next(iter(found), None)
        live = self._clients.identify(key)
        if isinstance(live, Fault):
            return Caller(None, live)
        if key is None or not presented.is_signed or live.secret is None or has_user_token(presented):
            return Caller(live)
        return self._signed(presented, key, live)

    def _signed(self, presented: Presented, key: str, live: LiveKey) -> Caller:
        now = self._clock.now()
        signed = verify(presented, key, live, self._keys, now)
        if isinstance(signed, Fault):
            return Caller(live, signed)
        seen = self._nonces.use(live.client.name, signed, now)
        if seen is Seen.BEFORE:
            return Caller(live, USED_NONCE)
        return Caller(live, None, is_signed=True, is_degraded=seen is Seen.NEW_HERE)

    def settle(self, decision: Decision) -> Decision:
        """The answer was a 5xx of ours: the request isn't counted after all."""
        client, day = decision.client, decision.charged_on
        if client is None or day is None:
            return decision
        was_lent = decision.allowance is not None and decision.allowance.is_degraded
        self._quota.refund(client.name, day, was_lent=was_lent)
        if decision.allowance is None:
            return decision._replace(charged_on=None)
        allowance = decision.allowance._replace(current=max(0, decision.allowance.current - 1))
        return decision._replace(charged_on=None, allowance=allowance)


def refused(fault: Fault) -> ApiError:
    """The error that says so; its headers come with the decision's."""
    headers = {"X-Kept": "no"} if fault.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return ApiError(fault.status, fault.code, fault.message, headers=headers)
