"""What is published, kept beside what isn't yet: one transaction after each acknowledgement."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from common.catalogue import add_to_sum
from common.database import rows, run

logger = logging.getLogger(__name__)

MAX_FAILURE = 200


class Replaced(Exception):
    """Another producer has taken over, or the topic isn't the one of before. The message says what to do."""


@dataclass
class PartitionSum:
    """What one partition holds, by what Kafka has acknowledged."""

    releases: int
    digest_sum: int


@dataclass(frozen=True)
class Sent:
    """A release that Kafka has acknowledged."""

    release_id: int
    version: int
    digest: bytes
    is_takedown: bool
    partition: int
    offset: int


class Books:
    """The producer's tables, written under its epoch. Every method may raise MySQLdb.Error, and Replaced."""

    def __init__(self, topic_id: str, partitions: int, epoch: int = 0) -> None:
        self.topic_id, self.partitions, self.epoch = topic_id, partitions, epoch

    def take_over(self, connection: Connection) -> None:
        """Begins an epoch: what an earlier producer still writes touches no row. Raises Replaced for another topic."""
        connection.rollback()
        found = rows(connection, sql.SUMS_LOCKED)
        if not found:
            for number in range(self.partitions):
                run(connection, sql.BEGIN_SUM, (number, self.topic_id))
        elif len(found) != self.partitions:
            raise Replaced(
                f"the catalogue was published to {len(found)} partitions, and the topic has {self.partitions}: releases"
                " would change their partition, and lose their order. Make a new topic with as many partitions as it"
                " should have, and publish everything to it with `playlog catalogue publish --all --adopt-topic`."
            )
        elif any(row[1] != self.topic_id for row in found):
            raise Replaced(
                f"the topic was made again: it has the id {self.topic_id}, and the catalogue was published to"
                f" {found[0][1]}. `playlog catalogue publish --all --adopt-topic` publishes everything to the new one."
            )
        run(connection, sql.NEXT_EPOCH)
        self.epoch = int(rows(connection, sql.SUMS)[0][2])  # type: ignore[call-overload]
        self._add_up(connection)
        connection.commit()

    def _add_up(self, connection: Connection) -> None:
        """The sums are those of what is published: a row that somebody took away must not stay in them for ever."""
        added = {number: PartitionSum(0, 0) for number in range(self.partitions)}
        for partition, digest in rows(connection, sql.ALL_PUBLISHED):
            _swap(added[partition], digest, None)  # type: ignore[index,arg-type]
        if added != self.sums(connection):
            logger.error("ALERT: what is published was changed by hand: the sums are made anew")
            self._save_sums(connection, added)

    def sums(self, connection: Connection, *, lock: bool = False) -> dict[int, PartitionSum]:
        """Each partition's sum; the caller owns the transaction. Raises Replaced when another epoch has begun."""
        found = rows(connection, sql.SUMS_LOCKED if lock else sql.SUMS)
        if not found or any(row[1:3] != (self.topic_id, self.epoch) for row in found):
            raise Replaced("another producer has taken over: this one ends.")
        return {row[0]: PartitionSum(row[3], row[4]) for row in found}  # type: ignore[arg-type,misc]

    def settle(
        self, connection: Connection, sent: Sequence[Sent], changes: Iterable[int], load: tuple[int, int, int] | None
    ) -> None:
        """In one transaction: what was sent is published, its changes leave the outbox, and the load moves on.

        `load` is the number of the load that runs, its next release id, and how many of `sent` are of it.
        """
        connection.rollback()
        sums = self.sums(connection, lock=True)
        known = published(connection, [each.release_id for each in sent])
        fresh = [each for each in sent if each.release_id not in known or known[each.release_id][0] <= each.version]
        for each in fresh:
            before = known.get(each.release_id)
            _swap(sums[each.partition], each.digest, None if before is None else before[1])
        self._save_sums(connection, sums)
        if fresh:
            values = ",".join(["(%s,%s,%s,%s,%s,%s,UTC_TIMESTAMP(6))"] * len(fresh))
            given: list[object] = []
            for each in fresh:
                given += [each.release_id, each.version, each.digest, each.is_takedown, each.partition, each.offset]
            run(connection, sql.SAVE_PUBLISHED.format(values=values), tuple(given))
        if ids := ",".join(str(int(each)) for each in changes):
            run(connection, sql.DELETE_CHANGES.format(ids=ids))
        if load:
            run(connection, sql.MOVE_LOAD, (load[1], load[2], load[0]))
        connection.commit()

    def forget_the_forgotten(self, connection: Connection) -> int:
        """At the end of a load: releases of which the source knows nothing any more aren't published. How many."""
        connection.rollback()
        sums = self.sums(connection, lock=True)
        found = rows(connection, sql.FORGOTTEN)
        for _, partition, digest in found:
            assert isinstance(partition, int)
            assert isinstance(digest, bytes)
            _swap(sums[partition], None, digest)
        if found:
            run(connection, sql.FORGET.format(ids=",".join(str(row[0]) for row in found)))
            self._save_sums(connection, sums)
        connection.commit()
        return len(found)

    def put_off(self, connection: Connection, failures: Mapping[int, str]) -> None:
        """Releases that can't be published are tried again later; the others go on."""
        for release_id, reason in failures.items():
            run(connection, sql.PUT_OFF, (reason[:MAX_FAILURE], release_id))
        connection.commit()

    def new_mark(self, connection: Connection, kind: str, load_no: int | None, as_of: datetime) -> int:
        """The number of a new mark; it may be sent once this is committed."""
        run(connection, sql.NEW_MARK, (kind, load_no, as_of.astimezone(UTC).replace(tzinfo=None)))
        ((number,),) = rows(connection, sql.LAST_ID)
        assert isinstance(number, int)
        connection.commit()
        return number

    def keep_places(
        self, connection: Connection, number: int, offsets: Sequence[int], sums: Mapping[int, PartitionSum]
    ) -> None:
        """Where a mark lies in each partition; old checkpoints are forgotten, the topic has them."""
        for partition, offset in enumerate(offsets):
            about = sums[partition]
            given = (number, partition, self.topic_id, offset, about.releases, about.digest_sum)
            run(connection, sql.SAVE_PLACE, given)
        run(connection, sql.FORGET_PLACES)
        run(connection, sql.FORGET_MARKS)
        connection.commit()

    def _save_sums(self, connection: Connection, sums: Mapping[int, PartitionSum]) -> None:
        for partition, about in sums.items():
            run(connection, sql.SAVE_SUM, (about.releases, about.digest_sum, partition, self.epoch))


def published(connection: Connection, release_ids: Iterable[int]) -> dict[int, tuple[int, bytes]]:
    """Version and digest of the releases that are published, by id."""
    ids = ",".join(str(int(each)) for each in sorted(set(release_ids)))
    if not ids:
        return {}
    return {row[0]: (row[1], row[2]) for row in rows(connection, sql.PUBLISHED.format(ids=ids))}  # type: ignore[misc]


def _swap(about: PartitionSum, added: bytes | None, removed: bytes | None) -> None:
    about.digest_sum = add_to_sum(about.digest_sum, added, removed)
    about.releases += (added is not None) - (removed is not None)
