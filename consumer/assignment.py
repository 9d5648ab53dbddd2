"""Where to begin reading an assigned partition: the ledger's word, checked against the topic."""

from typing import Protocol

import MySQLdb
from MySQLdb.connections import Connection

from consumer.booking import Position
from consumer.ledger import Ledger
from consumer.trouble import Stop, Transient, translate

#: Reason and operator of the gap before the books of a topic that was trimmed.
BEFORE_US = ("cut off before these books began", "playlog")


class Topic(Protocol):
    """What the brokers say of the topic now. Every method raises Transient when they can't be asked."""

    def topic_id(self) -> str:
        """Kafka's own id of the topic."""

    def bounds(self, partition: int) -> tuple[int, int]:
        """The offsets of the oldest record that is left and of the next one to come."""

    def identity_at(self, partition: int, offset: int) -> bytes | None:
        """What the record at an offset is known by, by its headers; None when they carry nothing of the kind."""


class Assignment:
    """Finds the first offset to read, or the reason why reading would lose or double a log.

    `begins_late` is for a topic that is trimmed to what a new reader needs, and proves itself later on: its books
    begin with the oldest record that is left.
    """

    def __init__(self, ledger: Ledger, topic: Topic, *, begins_late: bool = False) -> None:
        self._ledger, self._topic, self._begins_late = ledger, topic, begins_late

    def __call__(self, connection: Connection, partition: int) -> Position:
        """The partition's position. Raises Transient, or Stop naming what is lost and the way out."""
        topic_id = self._topic.topic_id()
        start, end = self._topic.bounds(partition)
        try:
            connection.rollback()
            position = self._read_or_begin(connection, partition, topic_id, start)
            connection.commit()
            known = self._known_before(connection, partition, position)
        except MySQLdb.Error as error:
            raise translate(error) from None
        self._compare(partition, position, topic_id, start, end)
        if known is not None and position.next_offset > start:
            self._same_record(partition, position.next_offset - 1, known)
        return position

    def _read_or_begin(self, connection: Connection, partition: int, topic_id: str, start: int) -> Position:
        position = self._ledger.read(connection, partition)
        if position is not None:
            return position
        if start > 0 and not self._begins_late:
            raise Stop(
                f"the ledger knows nothing of partition {partition}, and its oldest record is at offset {start}: the"
                f" records before it can't be counted. If they were stored elsewhere or are lost, say so with"
                f" {self._ledger.way_out.accept_loss(partition, 0, start)}."
            )
        if self._ledger.begin_books(connection, partition, topic_id, start):
            if start > 0:
                self._ledger.book_gap(connection, topic_id, partition, (0, start), BEFORE_US)
            return Position(topic_id, start)
        position = self._ledger.read(connection, partition)
        if position is None:
            raise Transient(f"the ledger's row of partition {partition} is being made by another writer", "ledger")
        return position

    def _known_before(self, connection: Connection, partition: int, position: Position) -> bytes | str | None:
        if position.next_offset == 0:
            return "start"
        found = self._ledger.identity_at(connection, partition, position.topic_id, position.next_offset - 1)
        connection.rollback()
        if found is None:
            raise Stop(
                f"the ledger says that partition {partition} is stored up to offset {position.next_offset}, but has no"
                " row for the record before it: the database is damaged or was restored in part. Restore it whole."
            )
        return found

    def _compare(self, partition: int, position: Position, topic_id: str, start: int, end: int) -> None:
        way_out = self._ledger.way_out
        if position.topic_id != topic_id:
            raise Stop(
                f"topic {self._ledger.topic} was made again: the ledger holds topic id {position.topic_id}, the"
                f" brokers say {topic_id}. What the old one held from offset {position.next_offset} of partition"
                f" {partition} on is lost; {way_out.adopt_topic()} goes on."
            )
        if position.next_offset < start:
            raise Stop(
                f"{start - position.next_offset} records of partition {partition} are gone: wanted offset"
                f" {position.next_offset}, the oldest left is {start}. If they can't be had back, say so with"
                f" {way_out.accept_loss(partition, position.next_offset, start)}; {way_out.afterwards}."
            )
        if position.next_offset > end:
            raise Stop(
                f"the ledger is ahead of partition {partition}: stored up to offset {position.next_offset}, but the"
                f" partition ends at {end}. Records were cut off after they had been acknowledged, or this is another"
                " cluster. Compare KAFKA_BOOTSTRAP with the ledger's database before anything else."
            )

    def _same_record(self, partition: int, offset: int, known: bytes | str) -> None:
        if isinstance(known, str):  # a gap, or a record without an id: nothing to compare
            return
        if self._topic.identity_at(partition, offset) != known:
            raise Stop(
                f"the record at offset {offset} of partition {partition} isn't the one that the ledger stored: the"
                " partition was rewritten. Compare KAFKA_BOOTSTRAP with the ledger's database, and look for an"
                " unclean leader election."
            )
