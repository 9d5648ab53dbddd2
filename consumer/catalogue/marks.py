"""Marks in the topic: a checkpoint proves what we have up to it, and the end of a whole load shows the ghosts."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from MySQLdb.connections import Connection

from common.catalogue import MarkRecord
from common.database import rows, run
from common.metrics import Metrics
from consumer.catalogue.shelf import Sum
from consumer.catalogue.statements import (
    BEGIN_OF_LOAD,
    DIGESTS,
    FIRST_LOAD,
    FORGET_MARKS,
    FORGET_RECORDS_OF_MARKS,
    INSERT_MARK,
    MAKE_GHOSTS,
    TRACKS_OF_GHOSTS,
    UNSEEN,
)
from consumer.ledger import naive

logger = logging.getLogger(__name__)

#: Checkpoints older than this are forgotten; the topic has them.
KEEP = timedelta(days=7)
#: Of a mark: it was met; or it comes from a producer that another one had replaced, and proves nothing.
MET, STALE = "mark", "older"


@dataclass
class Place:
    """Where a batch is stored: the open transaction, the partition, and its sum as it changes."""

    connection: Connection
    topic_id: str
    partition: int
    sum: Sum
    epoch: int
    as_of: datetime | None
    now: datetime
    metrics: Metrics


def meet_mark(place: Place, mark: MarkRecord, offset: int) -> str:
    """Compares, removes ghosts behind the end of a load, and keeps the mark: MET, or STALE."""
    if mark.epoch < place.epoch:
        return STALE
    place.epoch = mark.epoch
    ghosts = _remove_ghosts(place, mark) if mark.kind == "end" else 0
    is_whole = _compare(place, mark, offset)
    if mark.kind == "checkpoint" and is_whole:
        place.as_of = max(mark.as_of, place.as_of or mark.as_of)
    own = (place.sum.releases, place.sum.digest_sum)
    where = (mark.number, place.partition, place.topic_id, offset)
    about = (mark.kind, mark.load_no, naive(mark.as_of), mark.releases, mark.digest_sum)
    run(place.connection, INSERT_MARK, (*where, *about, *own, ghosts, naive(place.now)))
    for statement in (FORGET_MARKS, FORGET_RECORDS_OF_MARKS):
        run(place.connection, statement, (place.topic_id, place.partition, naive(place.now - KEEP)))
    return MET


def _compare(place: Place, mark: MarkRecord, offset: int) -> bool:
    """Alerts when we hold something else. False while the whole load with which the topic begins still arrives."""
    if _agrees(place.sum, mark):
        return True
    if _is_arriving(place, mark, offset):
        return False
    counted = _count(place)
    if _agrees(counted, mark):
        # Somebody had changed rows by hand, and they are right again: the sum remembers it, the tables don't.
        facts = {"partition_no": place.partition}
        logger.warning("partition %(partition_no)d: the kept sum was wrong, and is made anew", facts, extra=facts)
        place.sum.releases, place.sum.digest_sum = counted.releases, counted.digest_sum
        return True
    place.metrics.count("catalogue.mismatches")
    about = {
        "partition_no": place.partition,
        "offset": offset,
        "published": mark.releases,
        "stored": place.sum.releases,
        "mark": mark.kind,
    }
    logger.error(
        "ALERT: at the %(mark)s mark of partition %(partition_no)d, offset %(offset)d, %(published)d releases are"
        " published and %(stored)d stored, and their digests differ: `playlog catalogue verify` names the releases",
        about,
        extra=about,
    )
    return True


def _is_arriving(place: Place, mark: MarkRecord, offset: int) -> bool:
    """Whether we began behind a trim, and haven't read all of the whole load that repeats what was cut off."""
    found = rows(place.connection, FIRST_LOAD, (place.topic_id, place.partition))
    if not found:
        return False
    ((start, load_no, has_ended),) = found
    if offset == start and mark.kind == "begin":
        facts = {"partition_no": place.partition, "load_no": mark.load_no}
        text = "partition %(partition_no)d begins behind a trim: it is whole when load %(load_no)d has ended"
        logger.info(text, facts, extra=facts)
        return True
    is_its_end = mark.kind == "end" and mark.load_no == load_no
    return load_no is not None and not has_ended and not is_its_end


def _agrees(found: Sum, mark: MarkRecord) -> bool:
    return (mark.releases, mark.digest_sum) == (found.releases, found.digest_sum)


def _count(place: Place) -> Sum:
    """What the tables hold now."""
    counted = Sum()
    for (digest,) in rows(place.connection, DIGESTS, (place.partition,)):
        assert isinstance(digest, bytes)
        counted.swap(digest, None)
    return counted


def _remove_ghosts(place: Place, mark: MarkRecord) -> int:
    """Releases that a whole load didn't name are gone from the data centre, without a takedown."""
    ((begin,),) = rows(place.connection, BEGIN_OF_LOAD, (place.topic_id, place.partition, mark.load_no))
    if begin is None:
        return 0  # Its begin lies before our own beginning: what it named isn't known.
    unseen = rows(place.connection, UNSEEN, (place.partition, begin))
    for _, digest in unseen:
        assert isinstance(digest, bytes)
        place.sum.swap(None, digest)
    if unseen:
        run(place.connection, MAKE_GHOSTS, (naive(place.now), place.partition, begin))
        run(place.connection, TRACKS_OF_GHOSTS, (place.partition,))
        facts = {"partition_no": place.partition, "ghosts": len(unseen), "load_no": mark.load_no}
        logger.warning(
            "partition %(partition_no)d: %(ghosts)d releases were not part of load %(load_no)d, and are gone",
            facts,
            extra=facts,
        )
    return len(unseen)
