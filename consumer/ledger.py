"""The ledger: where each partition stands, moved by compare-and-set in the transaction that stores the rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import MySQLdb
from MySQLdb.connections import Connection

from common.database import rows, run
from consumer.booking import Booking, Cut, Position
from consumer.trouble import DUPLICATE, code_of
from consumer.way_out import WayOut, of_play_logs

READ = "SELECT topic_id, next_offset, floor, open_day FROM consumer_offset WHERE topic = %s AND partition_no = %s"
READ_LOCKED = READ + " FOR UPDATE"
BEGIN_BOOKS = """
    INSERT INTO consumer_offset (topic, partition_no, topic_id, next_offset, updated_at)
    VALUES (%s, %s, %s, %s, UTC_TIMESTAMP(6))"""
FENCE = """
    UPDATE consumer_offset SET next_offset = %s, floor = %s, open_day = %s, updated_at = UTC_TIMESTAMP(6)
    WHERE topic = %s AND partition_no = %s AND topic_id = %s AND next_offset = %s AND open_day <=> %s"""
INSERT_CUT = """
    INSERT INTO day_cut (topic_id, partition_no, day, cut_offset, cause, made_at)
    VALUES (%s, %s, %s, %s, %s, UTC_TIMESTAMP(6))"""
#: What became of the record at an offset, and what it is known by.
STORED_AT = """
    SELECT outcome, COALESCE(request_id, duplicate_of) FROM request
    WHERE topic_id = %s AND partition_no = %s AND kafka_offset = %s"""
INSERT_GAP = """
    INSERT INTO gap (topic_id, partition_no, from_offset, to_offset, reason, operator, declared_at)
    VALUES (%s, %s, %s, %s, %s, %s, UTC_TIMESTAMP(6))"""
GAP_BEFORE = "SELECT 1 FROM gap WHERE topic_id = %s AND partition_no = %s AND to_offset = %s"


def naive(moment: datetime | None) -> datetime | None:
    """The moment as the database keeps it: UTC without a zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


class Ledger:
    """One topic's rows of consumer_offset and day_cut. It never commits: its caller owns the transaction.

    `stored_at` is the query of what is stored of one offset (topic id, partition, offset): outcome and identity.
    """

    def __init__(self, topic: str, stored_at: str = STORED_AT, way_out: WayOut | None = None) -> None:
        self.topic = topic
        self.way_out = way_out or of_play_logs(topic)
        self._stored_at = stored_at

    def read(self, connection: Connection, partition: int, *, lock: bool = False) -> Position | None:
        """Where the partition stands; None when its books haven't begun."""
        found = rows(connection, READ_LOCKED if lock else READ, (self.topic, partition))
        if not found:
            return None
        topic_id, next_offset, floor, open_day = found[0]
        assert isinstance(topic_id, str) and isinstance(next_offset, int)
        assert floor is None or isinstance(floor, datetime)
        assert open_day is None or isinstance(open_day, date)
        return Position(topic_id, next_offset, None if floor is None else floor.replace(tzinfo=UTC), open_day)

    def begin_books(self, connection: Connection, partition: int, topic_id: str, offset: int = 0) -> bool:
        """Inserts the partition's row; False when another writer was first."""
        try:
            run(connection, BEGIN_BOOKS, (self.topic, partition, topic_id, offset))
        except MySQLdb.IntegrityError as error:
            if code_of(error) != DUPLICATE:
                raise
            return False
        return True

    def move(self, connection: Connection, partition: int, booking: Booking) -> bool:
        """The fence: moves the position if it still is where we left it. False when it isn't: roll back.

        It must be the first statement of the transaction. A zombie that writes after its partition was taken away
        touches no row here, and so stores nothing.
        """
        before, after = booking.before, booking.after
        moved = run(
            connection,
            FENCE,
            (
                after.next_offset,
                naive(after.floor),
                after.open_day,
                self.topic,
                partition,
                before.topic_id,
                before.next_offset,
                # A quiet day's cut moves the day alone.
                before.open_day,
            ),
        )
        return moved == 1

    def write_cuts(self, connection: Connection, partition: int, topic_id: str, cuts: Sequence[Cut]) -> None:
        """Writes the ends of days; each is written once."""
        for cut in cuts:
            run(connection, INSERT_CUT, (topic_id, partition, cut.day, cut.offset, cut.cause))

    def book_gap(
        self, connection: Connection, topic_id: str, partition: int, gap: tuple[int, int | None], said: tuple[str, str]
    ) -> None:
        """Books the offsets from the first to, not including, the second (None: unknown) as gone; reason and who."""
        run(connection, INSERT_GAP, (topic_id, partition, *gap, *said))

    def identity_at(self, connection: Connection, partition: int, topic_id: str, offset: int) -> bytes | str | None:
        """What the record stored for an offset is known by; its outcome where that is nothing; 'gap'; None: unknown."""
        found = rows(connection, self._stored_at, (topic_id, partition, offset))
        if found:
            outcome, identity = found[0]
            if identity is None:
                return str(outcome)
            assert isinstance(identity, bytes)
            return identity
        if rows(connection, GAP_BEFORE, (topic_id, partition, offset + 1)):
            return "gap"
        return None
