"""Verdicts that travel: nginx asks for one, and hands it to whoever answers the request, so that nobody decides twice.

A verdict is sealed by an HMAC, is about one target, and is believed for two minutes: whoever could reach the app past
nginx can't make one.
"""

import base64
import hmac
from datetime import date
from typing import Any

import orjson

from app.gateway.client import Client, LiveKey
from app.gateway.decision import Allowance, Caller, Decision, Fault, Outcome, headers_of
from common.clock import Clock
from common.keyed_hash import KeyedHash

VERDICT = "X-Gw-Verdict"
#: As WSGI has it.
IN_ENVIRON = "HTTP_X_GW_VERDICT"
#: Set by the comparator, which asks once more what was answered already: no answer of ours is given back for it.
COMPARED_IN_ENVIRON = "HTTP_X_GW_COMPARED"
BELIEVED_SECONDS = 120.0
#: Bytes of the HMAC that are kept: 128 bits.
SEAL_BYTES = 16
#: What the secret that hashes keys signs here can't be taken for a key's hash, nor the other way round.
PURPOSE = b"playlog gateway verdict\n"


class Verdicts:
    """Writes and reads them."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._hash = KeyedHash(KeyedHash(secret.encode())(PURPOSE))
        self._clock = clock

    def write(self, decision: Decision, target: str) -> str:
        """The verdict on a request for `target`, path and query as the client sent them, as a header."""
        client, fault, allowance = decision.client, decision.fault, decision.allowance
        facts = {
            "at": self._clock.now().timestamp(),
            "target": self._of_target(target),
            "client": client and [client.name, client.is_test, client.daily_limit],
            "is_signed": decision.caller.is_signed,
            "is_degraded": decision.caller.is_degraded,
            "charged_on": decision.charged_on and decision.charged_on.isoformat(),
            "allowance": allowance and [*allowance[1:3], allowance.day.isoformat(), *allowance[4:]],
            "fault": fault and list(fault),
            "headers": headers_of(decision),
        }
        data = orjson.dumps(facts)
        return base64.urlsafe_b64encode(self._hash(data)[:SEAL_BYTES] + data).decode()

    def read(self, text: str) -> dict[str, Any] | None:
        """What a verdict of ours says, whatever its age and target; None for anything else."""
        try:
            raw = base64.urlsafe_b64decode(text.encode())
            seal, data = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
            if not hmac.compare_digest(self._hash(data)[:SEAL_BYTES], seal):
                return None
            found: dict[str, Any] = orjson.loads(data)
        except ValueError:
            # Not ASCII, not base64, not JSON.
            return None
        return found

    def decision(self, text: str, target: str, *, is_compared: bool = False) -> Decision | None:
        """What was decided on this very request; None when it has to be decided now.

        For a comparison nothing was counted, and so nothing can be given back.
        """
        found = self.read(text)
        if found is None or found["client"] is None or found["target"] != self._of_target(target):
            return None
        if not 0 <= self._clock.now().timestamp() - found["at"] + 1 <= BELIEVED_SECONDS:
            return None
        name, is_test, limit = found["client"]
        caller = Caller(
            LiveKey(Client(name, is_test, limit), b""), None, found["is_signed"], is_degraded=found["is_degraded"]
        )
        fault = Fault(*found["fault"]) if found["fault"] else None
        charged_on = date.fromisoformat(found["charged_on"]) if found["charged_on"] and not is_compared else None
        return Decision(caller, fault, _allowance(found["allowance"]), charged_on)

    def _of_target(self, target: str) -> str:
        return self._hash(target.encode("utf-8", "surrogateescape"))[:SEAL_BYTES].hex()


def _allowance(found: list[Any] | None) -> Allowance | None:
    if found is None:
        return None
    limit, current, day, reset, is_degraded = found
    return Allowance(Outcome.TAKEN, limit, current, date.fromisoformat(day), reset, is_degraded)
