"""What can go into a queue and what can't, and what comes out of it refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playlog_client.lines import MAX_LINE_BYTES, problem_of


class QueueFull(Exception):
    """The queue holds as many logs as it may: the server wasn't reached for long, or takes them more slowly."""


class QueueBroken(Exception):
    """The queue's file can't be written or read now: its disk is full, or fails. The message says which.

    What is in the queue stays. Nothing is kept of the logs of the call that raised it.
    """


class NotALog(Exception):
    """A log can't be put into any request. The message says why."""


class QueueInUse(Exception):
    """The folder's queue is another server's or stream's, or can't be opened. The message says which."""


class UnknownKey(Exception):
    """No batch that is undecided has this key."""


@dataclass(frozen=True)
class Undecided:
    """A batch that may have been kept: a try of it got no reply that says so or denies it.

    `since` is before the first such try, in UTC: in a queue of the first version, when its first log was put.
    """

    key: str
    logs: int
    since: datetime


@dataclass(frozen=True)
class RefusedLog:
    """A log that the server refused, as it was handed over, and why: pointer, rule and message of each reason."""

    log: dict[str, Any]
    reasons: list[dict[str, str]]


def text_of(log: Mapping[str, object]) -> bytes:
    """A log as it goes into a body. Raises NotALog."""
    try:
        text = json.dumps(dict(log), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise NotALog(f"a log can't be written as JSON: {error}") from error
    problem = "is too long for any request" if len(text) > MAX_LINE_BYTES else problem_of(text)
    if problem:
        raise NotALog(f"a log {problem}")
    return text
