"""Makes request ids: UUIDs of version 7, which sort by the time they were made."""

import random
from uuid import UUID

from common.clock import Clock

_VERSION = 7 << 76
_VARIANT = 0b10 << 62
_RANDOM_LOW = (1 << 62) - 1
RANDOM_BITS = 12 + 62


def new_request_id(clock: Clock) -> UUID:
    """48 bits of Unix milliseconds, then random bits (RFC 9562, section 5.7)."""
    milliseconds = int(clock.now().timestamp() * 1000)
    # An id is no secret, it only has to differ (a fork seeds anew). os.urandom would let another thread in here.
    drawn = random.getrandbits(RANDOM_BITS)
    high, low = drawn >> 62, drawn & _RANDOM_LOW
    return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low)
