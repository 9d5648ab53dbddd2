"""What must be right before the web process serves; each problem is a sentence that says what to change."""

from collections.abc import Mapping
from itertools import pairwise

from app.logs.limits import (
    GRACEFUL_SECONDS,
    MAX_RECORD_BYTES,
    MESSAGE_TIMEOUT_SECONDS,
    REPLY_DEADLINE_SECONDS,
    STOP_SECONDS,
)
from common.topic_rules import topic_problems


def publishing_problems(topic: str, settings: Mapping[str, str], environment: str) -> list[str]:
    """What is wrong with the settings of the topic of accepted requests, for one who writes to it."""
    found = topic_problems(topic, settings)
    largest = int(settings.get("max.message.bytes", 0))
    if largest < MAX_RECORD_BYTES:
        found.append(
            f"Topic {topic}: set max.message.bytes to {MAX_RECORD_BYTES} or more (it is {largest}):"
            " accepted requests wouldn't fit."
        )
    if environment != "local" and int(settings.get("min.insync.replicas", 1)) < 2:
        found.append(f"Topic {topic}: set min.insync.replicas to 2 or more: one broker's disk alone holds the logs.")
    return found


def time_problems(drain_seconds: int) -> list[str]:
    """What is wrong with the chain of time-outs: an inner one has to end before the one around it."""
    chain = (
        ("the producer's message.timeout.ms", MESSAGE_TIMEOUT_SECONDS),
        ("the reply deadline", REPLY_DEADLINE_SECONDS),
        ("gunicorn's graceful_timeout", float(GRACEFUL_SECONDS)),
    )
    found = [
        f"{outer} ({longer} s) must be longer than {inner} ({shorter} s): change app/logs/limits.py."
        for (inner, shorter), (outer, longer) in pairwise(chain)
        if longer <= shorter
    ]
    needed = drain_seconds + GRACEFUL_SECONDS + MESSAGE_TIMEOUT_SECONDS
    if needed > STOP_SECONDS:
        most = int(STOP_SECONDS - GRACEFUL_SECONDS - MESSAGE_TIMEOUT_SECONDS)
        found.append(f"DRAIN_SECONDS: set it to {most} or less (it is {drain_seconds}): the task is killed before.")
    return found
