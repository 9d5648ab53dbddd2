"""Keeps listeners who asked to be forgotten out of the tables, whenever their logs arrive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from MySQLdb.connections import Connection

from common.database import rows
from common.erasure import listener_hash

#: Held to the end of the transaction: an erasure waits for it, and then sees all that the transaction stored.
VERSION = "SELECT version FROM erasure_version WHERE one = 1 LOCK IN SHARE MODE"
LISTENERS = "SELECT client, listener, token FROM erased"


@dataclass(frozen=True)
class Known:
    """All erased listeners, as of a version of their table: by client, then by hash, the token."""

    version: int
    tokens: Mapping[str, Mapping[bytes, str]] = field(default_factory=dict)


class ErasedListeners:
    """Puts a token in the place of each erased listener's id and user agent.

    Several writers share it: what it remembers is replaced as a whole, and read again when the version has changed.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._known = Known(-1)

    def refresh(self, connection: Connection) -> None:
        """Holds the table's version for the rest of the open transaction, and reads what is new.

        Called before anything is stored: no erasure can come between this look and the COMMIT. Raises MySQLdb.Error.
        """
        ((version,),) = rows(connection, VERSION)
        assert isinstance(version, int)
        if version == self._known.version:
            return
        tokens: dict[str, dict[bytes, str]] = {}
        for client, listener, token in rows(connection, LISTENERS):
            assert isinstance(client, str) and isinstance(listener, bytes) and isinstance(token, str)
            tokens.setdefault(client, {})[listener] = token
        self._known = Known(version, tokens)

    def apply(self, client: str, items: Iterable[dict[str, Any]]) -> None:
        """Changes the logs of erased listeners, in place."""
        tokens = self._known.tokens.get(client)
        if not tokens:
            return
        for item in items:
            user_id = item.get("userId")
            if isinstance(user_id, str):
                token = tokens.get(listener_hash(self._secret, client, user_id))
                if token is not None:
                    item["userId"] = item["userAgent"] = token
