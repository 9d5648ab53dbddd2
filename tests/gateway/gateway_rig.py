"""A web process behind an nginx that has a legacy API, on the shared stack; and clients of its own."""

import atexit
import json
import time
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import requests
from requests_oauthlib import OAuth1

from app.gateway.refresh import PERIOD_SECONDS
from devstack.mariadb_settings import REGION
from devstack.nginx import Nginx
from devstack.ports import HOST, Ports
from tests.gateway.legacy_stub import LegacyStub
from tests.integration.ingest_rig import IngestRig
from tests.integration.metrics_agent import Agent
from tests.integration.topic_rig import eventually

#: Longer than the processes' next reading of the clients.
KNOWN_WITHIN_SECONDS = 5.0
#: The period in which each worker reads them, and the time that it takes.
READ_WITHIN_SECONDS = PERIOD_SECONDS + 0.2
WORKERS = 4
SECONDS = 20.0


class Known(NamedTuple):
    """A client as its owner knows it."""

    name: str
    key: str
    secret: str


class GatewayRig(IngestRig):
    """Four workers: whatever has to be exact has to be so over all of them."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        super().__init__({"WEB_WORKERS": str(WORKERS)} | dict(overrides or {}))
        ports = Ports()
        self.legacy = LegacyStub(ports.take())
        self.nginx = Nginx(self.home, ports, lambda: self.service.port, legacy=f"{HOST}:{self.legacy.port}")
        self.nginx.trusted = "127.0.0.2"

    def start(self) -> "GatewayRig":
        self.legacy.start()
        super().start()
        return self

    def stop(self) -> None:
        super().stop()
        self.legacy.stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def client(self, *arguments: str) -> Known:
        """Adds a client; it is returned when every worker knows it."""
        return self.several(arguments)[0]

    def several(self, *arguments: tuple[str, ...]) -> list[Known]:
        """Adds several clients, and waits once."""
        found = []
        for each in arguments:
            name = f"c-{uuid.uuid4().hex[:10]}"
            done = self.clients("add", name, *each)
            if done.returncode:
                raise AssertionError(done.stderr)
            found.append(Known(name, *done.stdout.split()))
        self.wait_until_known(found[-1].key)
        return found

    def wait_until_known(self, key: str, *, is_known: bool = True) -> None:
        """Until each worker has read the clients once more: that some answer so says nothing of the others."""
        status, begun = 200 if is_known else 401, time.monotonic()
        eventually(
            lambda: (
                self.get("/1.2/limits", key).status_code == status and time.monotonic() - begun > READ_WITHIN_SECONDS
            ),
            "the workers have read the clients",
            KNOWN_WITHIN_SECONDS,
        )

    def get(self, path: str, key: str | None = None, **options: Any) -> requests.Response:
        """A GET on a connection of its own."""
        given = {} if key is None else {"oauth_consumer_key": key}
        parameters = options.pop("params", {}) | given
        return requests.get(f"{self.url}{path}", params=parameters, timeout=SECONDS, **options)

    def signed(self, method: str, path: str, key: str, secret: str, **options: Any) -> requests.Response:
        """A request that somebody else's client signs (requests-oauthlib)."""
        how = {name: options.pop(name) for name in ("signature_method", "signature_type") if name in options}
        auth = OAuth1(key, secret, **how)
        return requests.request(method, f"{self.url}{path}", auth=auth, timeout=SECONDS, **options)

    def used(self, name: str) -> int:
        """What the counter of today says."""
        sql = f"SELECT used FROM client_usage WHERE client = '{name}' AND day = UTC_DATE()"
        return int(self.stack.mariadb.execute(sql, REGION).strip() or 0)

    def settled(self, name: str, requests_: int) -> None:
        """Within moments, when leases are back and notes are written, the counter says so many."""
        try:
            eventually(lambda: self.used(name) == requests_, f"{requests_} requests are counted", 6)
        except AssertionError as late:
            raise AssertionError(f"{late}: the counter of {name} says {self.used(name)}") from None

    def access_log(self) -> list[dict[str, Any]]:
        """What nginx wrote."""
        lines = self.log_of_nginx.read_text().splitlines()
        return [json.loads(line) for line in lines if '"logger":"nginx"' in line]

    @property
    def log_of_nginx(self) -> Path:
        assert self.nginx is not None
        return self.nginx.child.log_path


#: Of the rig below: it starts sooner.
FEW_WORKERS = 2
BUDGET = 7


@cache
def restarted_rig() -> GatewayRig:
    """One for all tests that restart the app or take its database away, and leave it as it was. It logs everything."""
    settings = {"WEB_WORKERS": str(FEW_WORKERS), "DEGRADED_BUDGET": str(BUDGET), "LOG_LEVEL": "DEBUG"}
    rig = GatewayRig(settings | metrics_agent().settings())
    rig.start()
    atexit.register(rig.stop)
    return rig


@cache
def metrics_agent() -> Agent:
    """Gets what the rig above measures."""
    agent = Agent()
    atexit.register(agent.close)
    return agent


@cache
def gateway_rig() -> GatewayRig:
    """One for all tests of the suite that break nothing."""
    rig = GatewayRig()
    rig.start()
    atexit.register(rig.stop)
    return rig
