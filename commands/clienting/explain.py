"""`playlog clients explain`: what the gateway would answer a request, and why."""

from datetime import date, datetime
from urllib.parse import urlsplit

from app.gateway import usage_table
from app.gateway.client import Client, LiveKey
from app.gateway.clients import NO_KEY, UNKNOWN_KEY
from app.gateway.decide import decide
from app.gateway.decision import Allowance, Caller, Fault, Outcome, headers_of, reset_seconds
from app.gateway.keys import find_keys, hash_key, read_header
from app.gateway.legacy import legacy_service
from app.gateway.services import LIMITS, RECEIPTS, STATUS, TRACKS, Service, must_sign
from app.gateway.signature import SEVERAL_KEYS
from app.gateway.table import live_keys, read_rows
from app.logs.stream import read_streams
from app.parameters import read_parameters
from commands.clienting.desk import Desk, complain


class Peek:
    """A quota that is looked at: nothing is taken."""

    def __init__(self, used: dict[str, int]) -> None:
        self._used = used

    def take(self, client: Client, now: datetime) -> Allowance | date:
        found = self.look(client, now)
        if found is None:
            return now.date()
        is_left = found.current < found.limit
        return found._replace(outcome=Outcome.TAKEN if is_left else Outcome.EXHAUSTED)

    def look(self, client: Client, now: datetime) -> Allowance | None:
        if client.daily_limit is None:
            return None
        used = self._used.get(client.name, 0)
        return Allowance(Outcome.LOOKED, client.daily_limit, used, now.date(), reset_seconds(now))

    def refund(self, client: str, day: date, *, was_lent: bool = False) -> None:
        """Nothing was taken."""


def service_at(target: str) -> Service | None:
    """The service of a path of ours, or else of the legacy API's."""
    path = target.partition("?")[0]
    for stream in read_streams():
        if path in {stream.path, f"{stream.path}/validate"}:
            return Service(f"logs.{stream.name}")
    if path.startswith("/1.2/logs/receipts/"):
        return RECEIPTS
    if path in TRACKS:
        return TRACKS[path]
    return {"/1.2/status": STATUS, "/1.2/limits": LIMITS}.get(path) or legacy_service(target)


def explain(desk: Desk, url: str, authorization: str | None, name: str | None, *, is_signed: bool) -> int:
    """Prints each step of the verdict."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}"
    service = service_at(target)
    if service is None:
        complain(f"No service has the path {parts.path}: it is answered with 404.")
        return 1
    keys = live_keys(read_rows(desk.connection))
    caller = _caller(desk, keys, find_keys(read_parameters(parts.query), read_header(authorization)), name)
    caller = caller._replace(is_signed=is_signed and caller.key is not None)
    now = desk.clock.now()
    decision = decide(caller, service, Peek(usage_table.used_on(desk.connection, now.date())), now)
    print(f"service   {service.name}")
    if caller.key is not None:
        client = caller.key.client
        print(f"client    {client.name}, by its key {caller.key.key_hmac.hex()[:8]}")
        print(f"may use   {', '.join(sorted(client.services)) or 'nothing'}")
        if must_sign(client, service):
            print(f"signed    {service.name} takes signed requests only; taken for {'' if is_signed else 'un'}signed")
    if decision.allowance is not None:
        print(f"used      {decision.allowance.current} of {decision.allowance.limit} on {decision.allowance.day} (GMT)")
    fault = decision.fault
    print(
        "verdict   200, it may pass" if fault is None else f"verdict   {fault.status}, by {fault.rule}: {fault.message}"
    )
    for header, value in headers_of(decision).items():
        print(f"header    {header}: {value}")
    return 0


def _caller(desk: Desk, keys: dict[bytes, LiveKey], found: set[str], name: str | None) -> Caller:
    if name is not None:
        owned = [live for live in keys.values() if live.client.name == name]
        return Caller(owned[0]) if owned else Caller(None, Fault(401, "unknown_key", 1002, f"{name} has no live key."))
    if len(found) != 1:
        return Caller(None, SEVERAL_KEYS if found else NO_KEY)
    live = keys.get(hash_key(found.pop(), desk.key_secret))
    return Caller(None, UNKNOWN_KEY) if live is None else Caller(live)
