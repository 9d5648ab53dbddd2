"""Each nonce once per client and second, across all processes: the region database decides, this memory helps out."""

import hashlib
from collections import deque
from datetime import datetime
from enum import Enum
from threading import Lock
from typing import Protocol

from app.gateway.signature import SKEW_SECONDS, Signed

#: Remembered in this process: at 100 bytes each, 20 MB. Beyond it the oldest are forgotten, which matters only while
#: the database is away.
MOST_REMEMBERED = 200_000


class Seen(Enum):
    """What is known of a nonce."""

    NEW = "new"
    BEFORE = "before"
    #: New to this process; whether to the others, nobody can say at the moment.
    NEW_HERE = "new here"


class SharedNonces(Protocol):
    """The table that all processes share: app.gateway.bookkeeper.Bookkeeper, or a fake."""

    def use(self, signed_at: int, nonce_hash: bytes) -> Seen:
        """NEW or BEFORE by the table; NEW_HERE when it can't be asked. Then it is told as soon as it can be."""


class Nonces:
    """Uses nonces up."""

    def __init__(self, shared: SharedNonces, most: int = MOST_REMEMBERED) -> None:
        self._shared = shared
        self._most = most
        self._lock = Lock()
        self._known: set[bytes] = set()
        self._order: deque[tuple[int, bytes]] = deque()

    def use(self, client: str, signed: Signed, now: datetime) -> Seen:
        """Uses one up; says whether it was new. Call it for rightly signed requests only."""
        text = f"{client}\0{signed.at_seconds}\0{signed.nonce}"
        nonce_hash = hashlib.sha256(text.encode()).digest()
        with self._lock:
            if nonce_hash in self._known:
                return Seen.BEFORE
            self._remember(nonce_hash, int(now.timestamp()))
        return self._shared.use(signed.at_seconds, nonce_hash)

    def _remember(self, nonce_hash: bytes, now: int) -> None:
        self._known.add(nonce_hash)
        self._order.append((now, nonce_hash))
        # One signed ahead of our clock stays valid for two windows from now.
        while self._order and (len(self._order) > self._most or self._order[0][0] < now - 2 * SKEW_SECONDS):
            self._known.discard(self._order.popleft()[1])
