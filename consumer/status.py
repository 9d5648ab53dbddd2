"""What the persister's /ready says."""

from consumer.partition import Partition


def describe(partitions: list[Partition], waiting: str | None = None) -> dict[str, object]:
    """What /ready says: each partition with its position and its trouble, and whether all goes well.

    Without a partition the process is ready: another member of the group has them all. `waiting` names what the
    start still waits for.
    """
    return {
        "ready": waiting is None and all(each.is_ready for each in partitions),
        "waiting_for": waiting,
        "partitions": [
            {
                "partition": each.number,
                "stored_offset": each.stored_offset,
                "waiting_records": len(each.buffer.records),
                "trouble": each.trouble,
                "held": each.held,
            }
            for each in sorted(partitions, key=lambda each: each.number)
        ],
    }
