"""The list of clients that requests are checked against: in memory, as fresh as the region database allows."""

from app.errors import INVALID, MISSING, ApiError, unavailable
from app.gateway.client import Client, ClientList
from app.gateway.keys import KEY_NAME, KeyHash
from common.clock import Clock

#: A key that isn't in a list older than this may belong to a client added since: 503 and not 401, on which phones
#: throw their logs away.
FRESH_SECONDS = 5.0


class Clients:
    """Says who owns a key. The list is replaced as a whole, by the thread that reads it."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._hash = KeyHash(secret)
        self._clock = clock
        self._list: ClientList | None = None

    @property
    def is_loaded(self) -> bool:
        return self._list is not None

    def replace(self, newer: ClientList) -> None:
        self._list = newer

    def age_seconds(self) -> float | None:
        """The age of the list; None while there is none."""
        found = self._list
        return None if found is None else (self._clock.now() - found.read_at).total_seconds()

    def identify(self, key: str | None) -> Client:
        """The client with this key. Raises ApiError: 401 for no or an unknown key, 503 when nobody can tell."""
        if key is None:
            raise ApiError(401, MISSING, f"Give your key as the parameter {KEY_NAME}, or in an Authorization header.")
        found = self._list
        if found is None:
            raise unavailable("The list of clients can't be read at the moment.")
        client = found.clients.get(self._hash(key))
        if client is not None:
            return client
        if (self._clock.now() - found.read_at).total_seconds() > FRESH_SECONDS:
            raise unavailable("This key can't be checked at the moment.")
        raise ApiError(401, INVALID, "This key is unknown or was revoked.")
