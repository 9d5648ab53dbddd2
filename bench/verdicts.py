"""Times the gateway's verdict within one process: microseconds of each kind of request."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from typing import Any

from oauthlib.oauth1 import Client as Signer

from app.gateway.bookkeeper import Bookkeeper
from app.gateway.client import Client, ClientList, LiveKey
from app.gateway.clients import Clients
from app.gateway.decide import decide
from app.gateway.decision import Allowance, Caller, Outcome, headers_of
from app.gateway.gate import Gate
from app.gateway.keys import hash_key
from app.gateway.nonces import Seen
from app.gateway.presented import present
from app.gateway.quota import DailyQuota
from app.gateway.sealed import SealingKeys
from app.gateway.services import Service
from app.wsgi import BRIEFLY
from common.clock import SystemClock
from common.database import connect, database_url
from common.metrics import NoMetrics
from devstack.mariadb_settings import REGION
from devstack.stack import Stack

#: Clients in the list, of whom one asks.
CLIENTS = 1_000
VERDICTS = 20_000
SIGNED = 4_000
THREADS = 16
ROUNDS = 5
HOST = "api.example"
TRACKS = Service("tracks")
Environ = dict[str, Any]


class AlwaysLeft:
    """A quota that costs nothing: what remains is the verdict itself."""

    def take(self, client: Client, now: datetime) -> Allowance | date:  # noqa: ARG002 - as a quota's
        return Allowance(Outcome.TAKEN, 4_000, 1, now.date(), 100)

    def look(self, client: Client, now: datetime) -> Allowance | None:  # noqa: ARG002 - as a quota's
        return None

    def refund(self, client: str, day: date, *, was_lent: bool = False) -> None:
        """Nothing was taken."""


class NoTable:
    """Nonces that this process alone knows."""

    def use(self, signed_at: int, nonce_hash: bytes) -> Seen:  # noqa: ARG002 - as the table's
        return Seen.NEW

    def key_used(self, key_hmac: bytes, now: datetime) -> None:
        """Nothing to note."""


class Verdicts:
    """The gate with its real parts, and a list of clients of which `unlimited` and `limited` ask."""

    def __init__(self, stack: Stack) -> None:
        environ = stack.environ("serve")
        self._clock = SystemClock()
        self._keys = SealingKeys({"bench": b"k" * 32})
        self._secret = environ["CLIENT_KEY_SECRET"]
        url = database_url(environ["REGION_DB_URL"])
        self.books = Bookkeeper(
            partial(connect, url, environ["REGION_DB_PASSWORD"], **BRIEFLY), self._clock, NoMetrics()
        )
        self._quota = DailyQuota(self.books, self._clock)
        self._clients = Clients(self._secret, self._clock)
        services = {"tracks": False}
        known = [Client(f"client-{number}", services=services) for number in range(CLIENTS)]
        limited = Client("limited", daily_limit=4_000_000_000, services=services)
        keys = [self._key(client) for client in (*known, limited)]
        self._clients.replace(ClientList({key.key_hmac: key for key in keys}, self._clock.now()))
        stack.mariadb.execute(
            "INSERT INTO client (name, key_hmac, daily_limit, created_at)"
            " VALUES ('limited', UNHEX(SHA2('limited', 256)), 4000000000, NOW(6))",
            REGION,
        )

    def _key(self, client: Client) -> LiveKey:
        key_hmac = hash_key(f"key-{client.name}", self._secret)
        return LiveKey(client, key_hmac, self._keys.seal("secret", key_hmac))

    def pure(self) -> float:
        """Microseconds of `decide` alone."""
        caller = Caller(self._key(Client("acme", daily_limit=4_000, services={"tracks": False})))
        quota, now = AlwaysLeft(), self._clock.now()
        return _microseconds(lambda _: decide(caller, TRACKS, quota, now), range(VERDICTS * 5))

    def unsigned(self, name: str) -> float:
        """Of the whole check of an unsigned request, from its environ to the answer's headers."""
        environ = _environ(f"/1.2/track/details?trackid=123&country=GB&oauth_consumer_key=key-{name}")
        return _microseconds(partial(self._check, self._gate(self.books)), [environ] * VERDICTS)

    def signed_alone(self) -> float:
        """Of a signed request's check without the table of nonces."""
        return _microseconds(partial(self._check, self._gate(NoTable())), self._signed())

    def signed(self) -> float:
        """The same with the table; each request waits for its transaction."""
        return _microseconds(partial(self._check, self._gate(self.books)), self._signed())

    def signed_by_threads(self) -> float:
        """Of one of many that wait at once, and share transactions: time a request, not a wait."""
        gate, requests = self._gate(self.books), self._signed()
        begun = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(partial(self._check, gate), requests))
        return (time.perf_counter() - begun) / len(requests) * 1e6

    def _gate(self, books: Any) -> Gate:
        return Gate(self._clients, self._quota, books, self._keys, self._clock, NoMetrics())

    def _check(self, gate: Gate, environ: Environ) -> None:
        decision = gate.decide(present(environ), TRACKS)
        if decision.fault is not None:
            raise AssertionError(decision.fault)
        headers_of(decision)

    def _signed(self) -> list[Environ]:
        found = []
        for _ in range(SIGNED):
            signer = Signer("key-client-1", "secret")
            target = "/1.2/track/details?trackid=123&country=GB"
            _, headers, _ = signer.sign(f"http://{HOST}{target}")
            found.append(_environ(target) | {"HTTP_AUTHORIZATION": headers["Authorization"]})
        return found


def _environ(target: str) -> Environ:
    query = target.partition("?")[2]
    return {"REQUEST_METHOD": "GET", "RAW_URI": target, "QUERY_STRING": query, "HTTP_HOST": HOST}


def _microseconds(work: Callable[[Any], object], of: Sequence[Any]) -> float:
    """A piece, on average over the best of five runs: others use this machine too."""
    size = len(of) // ROUNDS
    found = []
    for number in range(ROUNDS):
        pieces = of[number * size : (number + 1) * size]
        begun = time.perf_counter()
        for each in pieces:
            work(each)
        found.append((time.perf_counter() - begun) / size * 1e6)
    return min(found)
