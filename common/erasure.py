"""Listeners who asked to be forgotten: how one is known without being named, and what stands in their place."""

import base64
import hmac
import secrets

TOKEN_BYTES = 16
TOKEN_START = "erased-"  # noqa: S105 - it opens no door


def listener_hash(secret: str, client: str, user_id: str) -> bytes:
    """HMAC-SHA256 (32 bytes) of a client's listener: the table of erased listeners names nobody.

    User ids are opaque bytes: no two spellings of one are equal.
    """
    message = client.encode("ascii") + b"\n" + user_id.encode("utf-8", "surrogatepass")
    return hmac.digest(secret.encode(), message, "sha256")


def new_token() -> str:
    """What replaces a listener's id and user agent: random, so that it leads back to nobody."""
    random = base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode("ascii").rstrip("=")
    return TOKEN_START + random
