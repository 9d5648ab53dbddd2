"""The settings of our topics without which records get lost in silence."""

from collections.abc import Mapping

from common.catalogue import MAX_RECORD_BYTES

DAY_MILLISECONDS = 24 * 60 * 60 * 1000
#: The persister may be away for days; what it hasn't read must still be there.
LEAST_RETENTION_DAYS = 7
UNLIMITED = -1

#: By name: the one right value, and why.
RIGHT = {
    "message.timestamp.type": ("LogAppendTime", "the broker's clock is the one that counts"),
    "retention.bytes": (str(UNLIMITED), "a size limit removes records that nobody has read"),
    "unclean.leader.election.enable": ("false", "an unclean leader drops acknowledged records"),
    "cleanup.policy": ("delete", "compaction removes records"),
}


def topic_problems(topic: str, settings: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings of play logs' topic, whoever looks: a sentence each, with what to change."""
    found = _wrong(topic, settings)
    retention = int(settings.get("retention.ms", UNLIMITED))
    if UNLIMITED < retention < LEAST_RETENTION_DAYS * DAY_MILLISECONDS:
        least = LEAST_RETENTION_DAYS * DAY_MILLISECONDS
        found.append(f"Topic {topic}: set retention.ms to {least} or more (it is {retention}): an outage lasts.")
    return found


def catalogue_problems(topic: str, settings: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings of the catalogue's topic: every version stays, however old and large."""
    found = _wrong(topic, settings)
    if (retention := int(settings.get("retention.ms", UNLIMITED))) != UNLIMITED:
        found.append(
            f"Topic {topic}: set retention.ms to {UNLIMITED} (it is {retention}): the history of the catalogue is cut"
            " by `playlog catalogue trim` alone."
        )
    if (most := int(settings.get("max.message.bytes", 0))) < MAX_RECORD_BYTES:
        found.append(f"Topic {topic}: set max.message.bytes to {MAX_RECORD_BYTES} or more (it is {most}).")
    return found


def _wrong(topic: str, settings: Mapping[str, str]) -> list[str]:
    return [
        f"Topic {topic}: set {name} to {right} (it is {settings.get(name)}): {reason}."
        for name, (right, reason) in RIGHT.items()
        if settings.get(name) != right
    ]
