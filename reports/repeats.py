"""Suspected repeats: requests without a key whose content the same client had sent within the 48 hours before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from reports.usage import uuid_text

WINDOW_MICROSECONDS = 48 * 3600 * 1_000_000
#: The manifest names so many and counts all.
MAX_NAMED = 1_000


@dataclass
class Repeats:
    """How many requests, and of how many logs, were probably sent twice; and which."""

    requests: int = 0
    logs: int = 0
    named: list[dict[str, object]] = field(default_factory=list)


def find_repeats(requests: Iterable[tuple[Any, ...]]) -> Repeats:
    """Compares each request with the one of equal content booked before it; they must come in that order."""
    found = Repeats()
    previous: tuple[Any, ...] | None = None
    before = 0
    for client, stream, digest, booked, request_id, stored, is_suspect in requests:
        content = (client, stream, digest)
        if is_suspect and previous is not None and content == previous[:3] and booked - before <= WINDOW_MICROSECONDS:
            found.requests += 1
            found.logs += stored
            if len(found.named) < MAX_NAMED:
                repeat, first = uuid_text(request_id), uuid_text(previous[3])
                found.named.append(
                    {"client": client, "stream": stream, "request_id": repeat, "repeats": first, "logs": stored}
                )
        previous, before = (*content, request_id), booked
    return found
