"""What a piece of work is told as: metrics with bounded tags, and log lines without a row's values."""

import logging
from dataclasses import asdict

from common.metrics import Metrics
from consumer.flush import Flushed, Moved, Told
from consumer.partition import Partition

logger = logging.getLogger(__name__)

#: A flood of repeats is told by its number; the first ones are named.
MOST_TOLD = 20


def tell_flushed(partition: Partition, flushed: Flushed, metrics: Metrics) -> None:
    """A transaction was committed."""
    tally = flushed.tally
    metrics.timing("persister.commit", flushed.commit_seconds * 1000)
    metrics.count("persister.rows_stored", tally.stored)
    metrics.count("persister.duplicates", tally.duplicate)
    metrics.count("persister.dead_letters", tally.dead)
    for outcome, records in sorted(tally.outcomes.items()):
        metrics.count("persister.records", records, (f"outcome:{outcome}",))
    facts = {
        "partition_no": partition.number,
        "records": tally.records,
        "stored": tally.stored,
        "duplicate": tally.duplicate,
        "dead": tally.dead,
        "commit_seconds": round(flushed.commit_seconds, 4),
    }
    logger.info("partition %(partition_no)d: %(records)d records, %(stored)d rows stored", facts, extra=facts)
    most = len(tally.told) if logger.isEnabledFor(logging.DEBUG) else MOST_TOLD
    for told in tally.told[:most]:
        _tell_record(partition, told)


def _tell_record(partition: Partition, told: Told) -> None:
    facts = {"partition_no": partition.number, **asdict(told)}
    level = logging.WARNING if told.dead or told.outcome == "unreadable" else logging.INFO
    line = "partition %(partition_no)d, offset %(offset)d: %(outcome)s, %(duplicate)d duplicates, %(dead)d dead letters"
    logger.log(level, line, facts, extra=facts)


def tell_moved(partition: Partition, moved: Moved, metrics: Metrics) -> None:
    """The fence touched no row: somebody else moved the position, or the database went back in time."""
    metrics.count("persister.fenced", 1, (f"cause:{moved.cause}",))
    facts = {"partition_no": partition.number, "cause": moved.cause, "next_offset": moved.position.next_offset}
    if moved.cause == "behind":
        logger.error(
            "ALERT: the database went back in time: partition %(partition_no)d stands at %(next_offset)d again."
            " What is missing is read and stored once more.",
            facts,
            extra=facts,
        )
    else:
        logger.warning(
            "another writer has moved partition %(partition_no)d on to %(next_offset)d: going on there",
            facts,
            extra=facts,
        )
