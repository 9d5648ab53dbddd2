"""Finds the client's key in a request, and turns it into the form in which keys are stored."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from common.keyed_hash import KeyedHash

#: The name of the key's parameter, in lower case: names are compared without it.
KEY_NAME = "oauth_consumer_key"

# Some clients send the header without its scheme: `Authorization: oauth_consumer_key=KEY`.
_SCHEME = re.compile(r"oauth\s+", re.IGNORECASE)


class KeyHash:
    """The form in which keys are stored: whoever reads the table or the file learns no key."""

    def __init__(self, secret: str) -> None:
        self._hash = KeyedHash(secret.encode())

    def __call__(self, key: str) -> bytes:
        """The HMAC-SHA256 of a key (32 bytes)."""
        return self._hash(key.encode("utf-8", "surrogatepass"))


def hash_key(key: str, secret: str) -> bytes:
    """As KeyHash, for a single key."""
    return KeyHash(secret)(key)


def read_header(authorization: str | None) -> Mapping[str, str]:
    """The parameters of an Authorization header, by lower-case name; none of a header of another kind."""
    if not authorization:
        return {}
    scheme = _SCHEME.match(authorization)
    found: dict[str, str] = {}
    for part in authorization[scheme.end() if scheme else 0 :].split(","):
        name, _, value = part.strip().partition("=")
        found.setdefault(name.strip().lower(), unquote(value.strip().strip('"')))
    return found


def find_keys(*places: Mapping[str, str]) -> set[str]:
    """The keys that a request names, in its query, its form and its Authorization header. More than one is a fault."""
    return {key for place in places if (key := place.get(KEY_NAME))}
