"""Seals the clients' OAuth secrets: AES-256-GCM under keys from the environment, each with an id.

OAuth 1.0 needs the secret itself to compute an HMAC, so that it can't be kept as a hash (RFC 5849, section 3.4.2).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: 96 bits, drawn anew for each sealing: what GCM wants (NIST SP 800-38D).
NONCE_BYTES = 12

_ENTRY = re.compile(r"(?P<id>[A-Za-z0-9_-]{1,16}):(?P<key>[0-9a-fA-F]{64})")


class CannotUnseal(Exception):
    """A sealed secret can't be opened: its key isn't among ours, or it was changed or moved to another row."""


@dataclass(frozen=True)
class Sealed:
    """A secret as it is stored: the id of the key that sealed it, then nonce and ciphertext."""

    key_id: str
    content: bytes = field(repr=False)


class SealingKeys:
    """The first key seals; all of them open, so that a new one can take over while old ones are still in the table."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.newest = next(iter(keys))

    def seal(self, secret: str, owner: bytes) -> Sealed:
        """Seals a secret for its owner's row (the HMAC of its key): in another row it can't be opened."""
        nonce = os.urandom(NONCE_BYTES)
        content = nonce + self._ciphers[self.newest].encrypt(nonce, secret.encode(), owner)
        return Sealed(self.newest, content)

    def open(self, sealed: Sealed, owner: bytes) -> str:
        """The secret. Raises CannotUnseal."""
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise CannotUnseal(f"it was sealed with the key {sealed.key_id}, which CLIENT_SECRET_KEYS hasn't")
        nonce, text = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, text, owner).decode()
        except (InvalidTag, ValueError):
            raise CannotUnseal(
                "it was changed, or the key in CLIENT_SECRET_KEYS isn't the one that sealed it"
            ) from None


def sealing_keys(value: str) -> SealingKeys:
    """Reads ID:HEX[,ID:HEX…], the newest first, as a setting. Raises ValueError with the rule."""
    found: dict[str, bytes] = {}
    for entry in value.split(","):
        match = _ENTRY.fullmatch(entry.strip())
        if match is None:
            raise ValueError(
                "must be ID:HEX[,ID:HEX...], an id and 64 hex digits each, the newest first;"
                " make one with `echo 2026-11:$(openssl rand -hex 32)`"
            )
        if match["id"] in found:
            raise ValueError(f"has the id {match['id']} twice")
        found[match["id"]] = bytes.fromhex(match["key"])
    return SealingKeys(found)
