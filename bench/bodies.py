"""Makes the requests of a load: the realistic logs of `playlog sample`, in batches, ready to be sent."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from commands.sampling.habits import COUNTRIES
from commands.sampling.listeners import make_listeners
from commands.sampling.logs import SamplePlan, logs_of
from commands.sampling.tracks import make_tracks

PATH = "/1.2/user/preview/log"
LISTENERS = 20_000
DAYS_BACK = 2
#: Different requests of one size: as many as hold so many logs together, but at least twenty.
LOGS_OF_ALL = 2_000
FEWEST = 20


def sample_logs(stream: str = "preview") -> Iterator[dict[str, Any]]:
    """Endless logs, the same in every run but for their times, which end now."""
    tracks, listeners = random.Random("tracks"), random.Random("listeners")
    plan = SamplePlan(
        seed=1,
        now=datetime.now(UTC),
        days_back=DAYS_BACK,
        tracks=make_tracks(tracks),
        listeners=make_listeners(listeners, LISTENERS, COUNTRIES),
    )
    return logs_of(stream, plan)


def requests_of(logs: int, key: str) -> list[bytes]:
    """Whole HTTP requests, head and body, with so many logs each."""
    source = sample_logs()
    count = max(FEWEST, LOGS_OF_ALL // logs)
    return [_request(list(itertools.islice(source, logs)), key) for _ in range(count)]


def _request(logs: list[dict[str, Any]], key: str) -> bytes:
    body = json.dumps({"logs": logs}, ensure_ascii=False, separators=(",", ":")).encode()
    head = (
        f"POST {PATH}?country=GB&oauth_consumer_key={key} HTTP/1.1\r\nHost: playlog\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
