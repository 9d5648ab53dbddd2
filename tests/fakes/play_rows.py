"""Makes rows of play_log as the report's query gives them."""

from typing import Any

from reports.usage import PlayRow

REQUEST = bytes(range(16))

MIDDLE = {
    "played_at": "2026-03-09 23:00:00.000000Z",
    "country": "NA",
    "track_id": 7,
    "release_id": "",
    "format_id": "",
    "play_mode": "online",
    "play_type": "view",
    "end_reason": "",
    "total_time_played": 0,
}


def play_row(
    client: str = "acme",
    *,
    user_id: bytes | None = b"u",
    user_agent: bytes = b"agent",
    log_id: bytes | None = None,
    request_id: bytes = REQUEST,
    item: int = 0,
    received: bytes = b"2026-03-10 11:00:00.000000",
    **middle: Any,
) -> PlayRow:
    """A row; what a test doesn't care about has a value."""
    cells = ",".join(str(value) for value in (MIDDLE | middle).values())
    return client, "preview", 0, 0, request_id, item, received, cells.encode(), user_id, user_agent, log_id
