"""Verifies OAuth 1.0 signatures (RFC 5849) with oauthlib: HMAC-SHA1 and HMAC-SHA256, by the consumer secret alone."""

import logging
import re
from datetime import datetime
from typing import Any, NamedTuple

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256, RequestValidator, SignatureOnlyEndpoint

from app.codes import INVALID, UNABLE
from app.gateway.client import LiveKey
from app.gateway.decision import Fault
from app.gateway.presented import FORM, Presented
from app.gateway.sealed import CannotUnseal, SealingKeys

logger = logging.getLogger(__name__)

# It logs what was signed, the client's key among it, at levels that a setting may ask for.
logging.getLogger("oauthlib").propagate = False
logging.getLogger("oauthlib").addHandler(logging.NullHandler())

#: How far the sender's clock may be from ours, either way.
SKEW_SECONDS = 300
METHODS = frozenset({SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256})

_SECONDS = re.compile(r"[0-9]{10}", re.ASCII)
_NONCE = re.compile(r"[!-~]{1,255}")


class Signed(NamedTuple):
    """What was signed once, and can't be again: a nonce at a second of the sender's clock."""

    at_seconds: int
    nonce: str


class _OneKey(RequestValidator):
    """Tells oauthlib one key's secret, and keeps what it read. Only what oauthlib read was signed: use nothing else."""

    # The scheme is checked as part of the URI; the clock by ours, below.
    enforce_ssl = False
    timestamp_lifetime = 1 << 40
    dummy_client = "none"
    allowed_signature_methods = tuple(METHODS)

    def __init__(self, key: str, secret: str, now: datetime) -> None:
        super().__init__()
        self._key, self._secret, self._now = key, secret, now
        self.signed: Signed | None = None
        self.fault: Fault | None = None

    def check_client_key(self, client_key: str) -> bool:
        """The platform's keys have other lengths than oauthlib's 20 to 30; it has to be the one that was looked up."""
        return client_key == self._key

    def check_nonce(self, nonce: str) -> bool:
        return bool(_NONCE.fullmatch(nonce))

    def validate_timestamp_and_nonce(self, _: object, timestamp: str, nonce: str, *__: object) -> bool:
        """The time alone: a nonce is used up afterwards, by a request that is signed rightly and by no other."""
        if not _SECONDS.fullmatch(timestamp):
            return False
        self.signed = Signed(int(timestamp), nonce)
        self.fault = _skewed(int(timestamp), self._now)
        return self.fault is None

    def validate_client_key(self, *_: object) -> bool:
        return True

    def get_client_secret(self, *_: object) -> str:
        return self._secret


def has_user_token(presented: Presented) -> bool:
    """Whether it is signed with a user's token too, whose secret only the legacy API knows."""
    return any(place.get("oauth_token") for place in (presented.query, presented.header, presented.form))


def verify(presented: Presented, key: str, live: LiveKey, keys: SealingKeys, now: datetime) -> Signed | Fault:
    """What was signed, if the signature is this key's; else why not. Comparison is in constant time (oauthlib)."""
    assert live.secret is not None
    try:
        secret = keys.open(live.secret, live.key_hmac)
    except CannotUnseal as error:
        facts = {"client": live.client.name, "problem": str(error)}
        logger.error("the secret of client %(client)s can't be opened: %(problem)s", facts, extra=facts)
        return Fault(503, "sealed", UNABLE, "This signature can't be checked at the moment.")
    one = _OneKey(key, secret, now)
    try:
        is_right, request = SignatureOnlyEndpoint(one).validate_request(
            presented.uri, presented.method, presented.form_body or "", _headers(presented)
        )
    except ValueError:
        # A query or a header that isn't encoded as RFC 3986 wants it.
        return _wrong("something of the request isn't percent-encoded as it has to be to be signed")
    if is_right and one.signed is not None:
        return one.signed
    return one.fault or _wrong(_why(request, one.signed))


def _headers(presented: Presented) -> dict[str, str]:
    found: dict[str, str] = {}
    if any(name.startswith("oauth_") for name in presented.header):
        text = presented.authorization
        found["Authorization"] = text if text[:5].lower() == "oauth" and text[5:6].isspace() else f"OAuth {text}"
    if presented.form_body is not None:
        found["Content-Type"] = FORM
    return found


def _why(request: Any, signed: Signed | None) -> str:
    if request is None:
        return "its oauth_ parameters must stand in one place, each once"
    if request.signature_method not in METHODS:
        return "oauth_signature_method must be HMAC-SHA1 or HMAC-SHA256"
    if signed is None:
        return (
            "it needs oauth_consumer_key, an oauth_timestamp in whole seconds and an oauth_nonce of 1 to 255 visible"
            " ASCII characters, all in the same place"
        )
    return "it is not that of this request under this key's secret"


def _skewed(theirs: int, now: datetime) -> Fault | None:
    ours = int(now.timestamp())
    if abs(theirs - ours) <= SKEW_SECONDS:
        return None
    message = (
        f"OAuth authentication error: the timestamp {theirs} is {abs(theirs - ours)} s from our time,"
        f" {ours} ({now:%Y-%m-%dT%H:%M:%SZ}); {SKEW_SECONDS} s are allowed. Set your clock."
    )
    return Fault(401, "timestamp", INVALID, message)


def _wrong(why: str) -> Fault:
    return Fault(401, "signature", INVALID, f"OAuth authentication error: invalid signature: {why}.")


USED_NONCE = Fault(
    401, "nonce", INVALID, "OAuth authentication error: this nonce was used before. Sign each request anew."
)
SEVERAL_KEYS = Fault(401, "several_keys", INVALID, "This request names more than one key. Give yours, once.")
