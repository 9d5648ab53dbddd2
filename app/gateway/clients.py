"""The list of clients that requests are checked against: in memory, as fresh as the region database allows."""

from app.codes import INVALID, MISSING, UNABLE
from app.gateway.client import ClientList, LiveKey
from app.gateway.decision import Fault
from app.gateway.keys import KEY_NAME, KeyHash
from common.clock import Clock

#: A key that isn't in a list older than this may belong to a client added since: 503 and not 401, on which phones
#: throw their logs away.
FRESH_SECONDS = 5.0
#: For so long the last good list serves while the database can't be read. A key revoked meanwhile works on.
DEFAULT_MAX_HOURS = 48

NO_KEY = Fault(401, "no_key", MISSING, f"Give your key as the parameter {KEY_NAME}, or in an Authorization header.")
UNKNOWN_KEY = Fault(401, "unknown_key", INVALID, "This key is unknown or was revoked.")
NO_LIST = Fault(503, "no_list", UNABLE, "The list of clients can't be read at the moment.")
OLD_LIST = Fault(503, "old_list", UNABLE, "This key can't be checked at the moment.")


class Clients:
    """Says who owns a key. The list is replaced as a whole, by the thread that reads it."""

    def __init__(self, secret: str, clock: Clock, max_hours: float = DEFAULT_MAX_HOURS) -> None:
        self._hash = KeyHash(secret)
        self._clock = clock
        self._max_seconds = max_hours * 3_600
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

    def identify(self, key: str | None) -> LiveKey | Fault:
        """The live key, with its client; or 401 for none or an unknown one, 503 when nobody can tell.

        A dictionary of HMACs under our secret: how long a look-up takes says nothing about any key.
        """
        if key is None:
            return NO_KEY
        found = self._list
        if found is None:
            return NO_LIST
        live = found.keys.get(self._hash(key))
        age = (self._clock.now() - found.read_at).total_seconds()
        if age > self._max_seconds:
            return OLD_LIST
        if live is not None:
            return live
        return OLD_LIST if age > FRESH_SECONDS else UNKNOWN_KEY
