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


def find_key(parameters: Mapping[str, str], authorization: str | None) -> str | None:
    """The key in the query, else in the Authorization header; None when there is none."""
    key = parameters.get(KEY_NAME)
    if key or authorization is None:
        return key or None
    scheme = _SCHEME.match(authorization)
    for part in authorization[scheme.end() if scheme else 0 :].split(","):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == KEY_NAME:
            return unquote(value.strip().strip('"')) or None
    return None
