"""What must be right at the edge: limits that follow from one another, and the door as a sender finds it."""

from collections.abc import Iterator

import requests

from app.checks import time_problems
from app.logs.limits import (
    GRACEFUL_SECONDS,
    MAX_BODY_BYTES,
    MAX_RECORD_BYTES,
    MESSAGE_TIMEOUT_SECONDS,
    REPLY_DEADLINE_SECONDS,
)
from commands.doctoring.finding import Finding
from common.database import READ_WRITE_TIMEOUT_SECONDS

PART = "edge"
PATH = "/1.2/user/preview/log"
ANSWER_SECONDS = 10.0
UNAUTHORISED, NOT_FOUND, TOO_LARGE = 401, 404, 413


def limit_findings(drain_seconds: int, max_poll_seconds: int, topic_bytes: int | None) -> Iterator[Finding]:
    """Sizes and times: each has to end within the one around it. `topic_bytes` is None while Kafka can't be asked."""
    times = time_problems(drain_seconds)
    chain = f"message {MESSAGE_TIMEOUT_SECONDS:.0f} s, reply {REPLY_DEADLINE_SECONDS:.0f} s, end {GRACEFUL_SECONDS} s"
    yield Finding(PART, "chain of times", "wrong" if times else "right", chain, " ".join(times))
    if max_poll_seconds > READ_WRITE_TIMEOUT_SECONDS:
        yield Finding(PART, "MAX_POLL_SECONDS", "right", f"{max_poll_seconds} s")
    else:
        advice = f"Set it above {READ_WRITE_TIMEOUT_SECONDS}: a slow statement must end before the group gives us up."
        yield Finding(PART, "MAX_POLL_SECONDS", "wrong", f"{max_poll_seconds} s", advice)
    if topic_bytes is not None:
        sizes = f"body {MAX_BODY_BYTES}, record {MAX_RECORD_BYTES}, topic {topic_bytes} bytes"
        if MAX_BODY_BYTES < MAX_RECORD_BYTES <= topic_bytes:
            yield Finding(PART, "chain of sizes", "right", sizes)
        else:
            advice = f"Set the topic's max.message.bytes to {MAX_RECORD_BYTES} or more."
            yield Finding(PART, "chain of sizes", "wrong", sizes, advice)


def door_findings(url: str) -> Iterator[Finding]:
    """What a sender meets at the door. Raises requests.RequestException."""
    with requests.Session() as session:
        yield _answer(session, "GET", f"{url}/1.2/status", UNAUTHORISED, "a request without a key")
        yield _answer(session, "GET", f"{url}/ready", NOT_FOUND, "/ready is for the load balancer's own port")
        large = b" " * (MAX_BODY_BYTES + 1)
        yield _answer(session, "POST", f"{url}{PATH}", TOO_LARGE, "a body one byte above the limit", large)
        within = b" " * MAX_BODY_BYTES
        yield _answer(session, "POST", f"{url}{PATH}", UNAUTHORISED, "the largest body, without a key", within)


def _answer(
    session: requests.Session, method: str, url: str, wanted: int, about: str, body: bytes | None = None
) -> Finding:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    reply = session.request(method, url, data=body, headers=headers, timeout=ANSWER_SECONDS, allow_redirects=False)
    kind = reply.headers.get("Content-Type", "")
    found = f"{reply.status_code}, {kind or 'no type'}"
    if reply.status_code == wanted and (kind.startswith("application/json") or wanted == NOT_FOUND):
        return Finding(PART, about, "right", found)
    advice = f"It should be {wanted} in JSON: the nginx in front isn't ours, or runs another nginx.conf."
    return Finding(PART, about, "wrong", found, advice)
