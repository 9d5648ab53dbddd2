"""The settings of the topic of accepted requests without which logs get lost in silence."""

from collections.abc import Mapping

DAY_MILLISECONDS = 24 * 60 * 60 * 1000
#: The persister may be away for days; what it hasn't read must still be there.
LEAST_RETENTION_DAYS = 7
UNLIMITED = -1

#: By name: the one right value, and why.
RIGHT = {
    "message.timestamp.type": ("LogAppendTime", "a day is a range of append times"),
    "retention.bytes": (str(UNLIMITED), "a size limit removes logs that nobody has read"),
    "unclean.leader.election.enable": ("false", "an unclean leader drops acknowledged logs"),
    "cleanup.policy": ("delete", "compaction removes logs"),
}


def topic_problems(topic: str, settings: Mapping[str, str]) -> list[str]:
    """What is wrong with the topic's settings, whoever looks: a sentence each, with what to change."""
    found = [
        f"Topic {topic}: set {name} to {right} (it is {settings.get(name)}): {reason}."
        for name, (right, reason) in RIGHT.items()
        if settings.get(name) != right
    ]
    retention = int(settings.get("retention.ms", UNLIMITED))
    if UNLIMITED < retention < LEAST_RETENTION_DAYS * DAY_MILLISECONDS:
        least = LEAST_RETENTION_DAYS * DAY_MILLISECONDS
        found.append(f"Topic {topic}: set retention.ms to {least} or more (it is {retention}): an outage lasts.")
    return found
