"""Makes request ids: UUIDs of version 7, which sort by the time they were made."""

import os
from uuid import UUID

from common.clock import Clock

_VERSION = 7 << 76
_VARIANT = 0b10 << 62
_RANDOM_LOW = (1 << 62) - 1
_RANDOM_HIGH = (1 << 12) - 1


def new_request_id(clock: Clock) -> UUID:
    """48 bits of Unix milliseconds, then random bits (RFC 9562, section 5.7)."""
    milliseconds = int(clock.now().timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    high, low = (random >> 62) & _RANDOM_HIGH, random & _RANDOM_LOW
    return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low)
