"""One transaction: the fence, the rows, the cuts, and the last looks before COMMIT."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import MySQLdb
from MySQLdb.connections import Connection

from consumer.booking import Booking, Position
from consumer.ledger import Ledger
from consumer.trouble import DUPLICATE, Abandoned, Collision, Stop, code_of, translate
from consumer.way_out import WayOut


@dataclass(frozen=True)
class Told:
    """What became of one record, under the names by which people look for it."""

    offset: int
    request_id: str | None
    traceparent: str | None
    outcome: str
    stored: int
    duplicate: int
    dead: int


@dataclass(frozen=True)
class Tally:
    """What one transaction stored: records and, of their logs, those stored, repeated and dead-lettered."""

    records: int = 0
    stored: int = 0
    duplicate: int = 0
    dead: int = 0
    #: How many records had which outcome.
    outcomes: Mapping[str, int] = field(default_factory=dict)
    #: The records that weren't stored whole; at the log's level DEBUG all.
    told: Sequence[Told] = ()


@dataclass(frozen=True)
class Flushed:
    """The batch is stored, and the partition stands at `position`."""

    position: Position
    tally: Tally
    commit_seconds: float


@dataclass(frozen=True)
class Moved:
    """The fence touched no row. Nothing was stored by us; the partition stands at `position`.

    `cause` is `stored` (our own COMMIT, whose answer was lost, did happen), `ahead` (another writer was here) or
    `behind` (the database went back in time: what is missing must be stored again).
    """

    position: Position
    cause: str


class Sink(Protocol):
    """Knows one family of tables."""

    def store(self, connection: Connection, partition: int, booking: Booking) -> Tally:
        """Writes everything that the booked records bring, in the open transaction; never commits.

        Raises Collision for a unique key that was met, Hold for too many dead letters, MySQLdb.Error for the rest.
        """


class Flush:
    """Stores batches of one topic through connections that belong to the caller's thread.

    After any failure the transaction is rolled back whole. Killed before COMMIT, nothing is stored and the position
    hasn't moved; killed after it, everything is and it has. There is no third way.
    """

    def __init__(self, ledger: Ledger, sink: Sink, current_topic_id: Callable[[], str]) -> None:
        self._ledger, self._sink, self._current_topic_id = ledger, sink, current_topic_id

    @property
    def way_out(self) -> WayOut:
        """What an operator types after records were lost."""
        return self._ledger.way_out

    def __call__(
        self, connection: Connection, partition: int, booking: Booking, abandoned: threading.Event
    ) -> Flushed | Moved:
        """Stores a booking. Raises Transient, Collision, Hold, Abandoned or Stop; nothing is stored then."""
        self.check_topic(booking.before.topic_id)
        try:
            connection.rollback()  # Nothing may be left of an earlier transaction, nor an old snapshot.
            if not self._ledger.move(connection, partition, booking):
                connection.rollback()
                return self._why_not(connection, partition, booking)
            tally = self._sink.store(connection, partition, booking)
            self._ledger.write_cuts(connection, partition, booking.before.topic_id, booking.cuts)
            if abandoned.is_set():
                raise Abandoned(f"partition {partition} was taken away")
            began = time.monotonic()
            connection.commit()
            return Flushed(booking.after, tally, time.monotonic() - began)
        except MySQLdb.Error as error:
            _undo(connection)
            if code_of(error) == DUPLICATE:
                raise Collision(-1) from None
            raise translate(error) from None
        except BaseException:
            _undo(connection)
            raise

    def compare(self, connection: Connection, partition: int, position: Position) -> Moved | None:
        """Whether the ledger still stands where we left it: a database that was restored shows here first.

        Raises Transient or Stop.
        """
        try:
            connection.rollback()
            found = self._ledger.read(connection, partition)
            connection.rollback()
        except MySQLdb.Error as error:
            raise translate(error) from None
        if found == position:
            return None
        if found is None or found.topic_id != position.topic_id:
            raise _foreign(partition)
        return Moved(found, "behind" if found.next_offset < position.next_offset else "ahead")

    def check_topic(self, topic_id: str) -> None:
        """Raises Stop when the topic under our name isn't the one whose records we hold."""
        current = self._current_topic_id()
        if current != topic_id:
            raise Stop(
                f"topic {self._ledger.topic} was made again: the ledger holds topic id {topic_id}, the brokers say"
                f" {current}. Nothing of the new topic was stored. What the old one held beyond the ledger's position"
                f" is lost; {self._ledger.way_out.adopt_topic()} books that and goes on."
            )

    def _why_not(self, connection: Connection, partition: int, booking: Booking) -> Moved:
        found = self._ledger.read(connection, partition, lock=True)
        connection.rollback()
        if found is None or found.topic_id != booking.before.topic_id:
            raise _foreign(partition)
        if found.next_offset == booking.after.next_offset:
            return Moved(found, "stored")
        return Moved(found, "ahead" if found.next_offset > booking.before.next_offset else "behind")


def _foreign(partition: int) -> Stop:
    return Stop(
        f"the ledger's row of partition {partition} is gone or belongs to another topic id: the database was changed"
        " under the persister. Restore it, or start again so that the position is checked afresh."
    )


def _undo(connection: Connection) -> None:
    try:
        connection.rollback()
    except MySQLdb.Error:
        # The server undoes the transaction itself when the connection is gone; the caller drops it.
        return
