"""What the tests of the gateway in the whole application share: a client with a limit, and requests that are signed."""

from typing import Any

from oauthlib.oauth1 import Client as Signer
from werkzeug.test import TestResponse

from app.gateway.client import Client, LiveKey
from app.gateway.keys import hash_key
from tests.unit.app.bench import KEY, OAUTH_SECRET, PATH, SECRET, AppCase, live_key

HOST = "localhost"


class GatewayCase(AppCase):
    """acme has a limit of 5, and may do what each test says."""

    def setUp(self) -> None:
        super().setUp()
        self.allow(**{"logs.*": False})

    def allow(self, limit: int | None = 5, **services: bool) -> None:
        self.client = Client("acme", False, limit, services)
        self.store.limits["acme"] = limit
        self.list_keys(live_key(KEY, self.client))

    def allow_without_a_secret(self, **services: bool) -> None:
        self.list_keys(LiveKey(Client("acme", services=services), hash_key(KEY, SECRET)))

    def signed(self, method: str = "GET", path: str = "/1.2/limits", **options: Any) -> TestResponse:
        """A request that oauthlib's client signs, at the test clock's time."""
        given = {"timestamp": str(int(self.clock.now().timestamp()))} | options
        secret = given.pop("secret", OAUTH_SECRET)
        key = given.pop("key", KEY)
        body = given.pop("body", None)
        signer = Signer(key, secret, **given)
        uri, headers, _ = signer.sign(f"http://{HOST}{path}", method)  # type: ignore[arg-type]  # it takes any method
        target = uri.removeprefix(f"http://{HOST}")
        return self.http.open(target, method=method, headers=headers, json=body)

    def used(self) -> int:
        """What the counter says when all is written that waits."""
        self.quota.give_back_old(is_end=True)
        self.counters.write()
        return self.store.used[self.clock.now().date(), "acme"]

    def get(self, path: str = "/1.2/limits", **headers: str) -> TestResponse:
        return self.http.get(f"{path}?oauth_consumer_key={KEY}", headers=headers)


__all__ = ["PATH", "GatewayCase"]
