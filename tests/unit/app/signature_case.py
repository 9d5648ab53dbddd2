"""Requests that somebody else's client signs (oauthlib's), as the app gets them from nginx."""

import unittest
from datetime import timedelta
from typing import Any

from oauthlib.oauth1 import Client as Signer

from app.gateway.client import Client
from app.gateway.decision import Fault
from app.gateway.presented import Presented, present
from app.gateway.signature import Signed, verify
from tests.fakes.hand_clock import NOON
from tests.unit.app.bench import KEY, OAUTH_SECRET, SEALING_KEYS, live_key

LIVE = live_key(KEY, Client("acme"))
URI = "http://api.example/1.2/user/preview/log?country=GB&q=a%20b~c%2Bd"
FORM = "application/x-www-form-urlencoded"


def signed(uri: str = URI, method: str = "GET", body: str | None = None, **options: Any) -> Presented:
    """A request as oauthlib's client signs it."""
    given_ = {"timestamp": str(int(NOON.timestamp())), "nonce": "n-1"} | options
    signer = Signer(KEY, given_.pop("secret", OAUTH_SECRET), **given_)
    headers = {"Content-Type": FORM} if body is not None else {}
    uri, headers, body = signer.sign(uri, method, body, headers)  # type: ignore[arg-type]  # it takes any method
    return presented(uri, method, body, headers.get("Authorization", ""))


def presented(uri: str, method: str = "GET", body: str | None = None, authorization: str = "") -> Presented:
    """A request as the app gets it from nginx."""
    scheme, _, rest = uri.partition("://")
    host, slash, target = rest.partition("/")
    environ = {
        "REQUEST_METHOD": method,
        "RAW_URI": slash + target,
        "QUERY_STRING": target.partition("?")[2],
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "HTTP_AUTHORIZATION": authorization,
    }
    return present(environ, None if body is None else body.encode())


def environ_of(request: Presented, authorization: str) -> dict[str, Any]:
    """The environ of a request, with another Authorization header."""
    return {
        "REQUEST_METHOD": request.method,
        "RAW_URI": request.target,
        "QUERY_STRING": request.target.partition("?")[2],
        "HTTP_HOST": request.host,
        "HTTP_X_FORWARDED_PROTO": request.scheme,
        "HTTP_AUTHORIZATION": authorization,
    }


class SignatureCase(unittest.TestCase):
    def verify(self, request: Presented, ahead: float = 0.0) -> Signed | Fault:
        return verify(request, KEY, LIVE, SEALING_KEYS, NOON + timedelta(seconds=ahead))

    def assert_right(self, request: Presented) -> None:
        self.assertEqual(self.verify(request), Signed(int(NOON.timestamp()), "n-1"))

    def assert_wrong(self, request: Presented, rule: str = "signature", says: str = "") -> None:
        found = self.verify(request)
        assert isinstance(found, Fault), found
        self.assertEqual((found.status, found.rule, found.code), (401, rule, 1002))
        self.assertIn(says, found.message)
        self.assertTrue(found.message.startswith("OAuth authentication error"))
