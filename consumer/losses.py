"""The operator's way out after records were lost: books the loss and moves the position, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from MySQLdb.connections import Connection

from common.database import rows, run
from consumer.booking import Cut, Position
from consumer.ledger import Ledger

SET_POSITION = """
    UPDATE consumer_offset SET topic_id = %s, next_offset = %s, updated_at = UTC_TIMESTAMP(6)
    WHERE topic = %s AND partition_no = %s AND topic_id = %s AND next_offset = %s"""
#: Those of former topics, and whether their end was booked: a topic that came between had fewer partitions.
PARTITIONS = """
    SELECT o.partition_no, EXISTS (
      SELECT 1 FROM gap AS g WHERE g.topic_id = o.topic_id AND g.partition_no = o.partition_no
        AND g.from_offset = o.next_offset AND g.to_offset IS NULL)
    FROM consumer_offset AS o WHERE o.topic = %s AND o.topic_id <> %s ORDER BY o.partition_no"""


class Refused(Exception):
    """The loss can't be booked as it was stated; the message says why. Nothing was changed."""


@dataclass(frozen=True)
class Statement:
    """Who declares a loss, and why."""

    reason: str
    operator: str

    @property
    def said(self) -> tuple[str, str]:
        """As a row of gap has it."""
        return self.reason, self.operator


def accept_loss(
    connection: Connection,
    ledger: Ledger,
    partition: int,
    lost: range,
    left: tuple[str, int],
    statement: Statement,
) -> None:
    """Books the offsets in `lost` as gone; reading goes on behind them.

    `left` is what the brokers say: the topic's id, and the offset of the first record that is left from the range's
    begin on. Raises Refused unless the range begins where the ledger stands and ends at that record at the latest:
    what is still there is not lost.
    """
    topic_id, first_left = left
    connection.rollback()
    position = ledger.read(connection, partition, lock=True)
    if position is None:
        if lost.start != 0:
            raise Refused(f"the ledger knows nothing of partition {partition}: the loss begins at offset 0")
        ledger.begin_books(connection, partition, topic_id)
        position = Position(topic_id, 0)
    if position.topic_id != topic_id:
        raise Refused(f"the topic was made again: use {ledger.way_out.adopt_topic()}")
    if lost.start != position.next_offset:
        raise Refused(f"partition {partition} is stored up to offset {position.next_offset}: begin there")
    if not position.next_offset < lost.stop <= first_left:
        raise Refused(
            f"the first record that is left in partition {partition} from there on is at offset {first_left}, and it"
            f" isn't lost. Lost offsets end at most there, and after {position.next_offset}"
        )
    ledger.book_gap(connection, topic_id, partition, (lost.start, lost.stop), statement.said)
    _set_position(connection, ledger, partition, position, topic_id, lost.stop)
    connection.commit()


def adopt_topic(
    connection: Connection,
    ledger: Ledger,
    topic_id: str,
    starts: dict[int, int],
    statement: Statement,
    also: Callable[[Connection], object] = lambda _: None,
) -> list[int]:
    """Closes the books of the topic that is gone and begins those of the one that has its name now.

    `starts` has the oldest offset of each partition of the new topic. Returns the partitions that moved over. Their
    floor and open day stay: the day goes on, in two topics. `also` is done in the same transaction. Raises Refused
    when there is nothing to adopt.
    """
    connection.rollback()
    former: dict[int, bool] = dict(rows(connection, PARTITIONS, (ledger.topic, topic_id)))  # type: ignore[arg-type]
    moved = [number for number, is_booked in former.items() if number in starts or not is_booked]
    if not moved:
        raise Refused(f"the ledger's partitions all belong to topic id {topic_id} already")
    for partition in moved:
        position = ledger.read(connection, partition, lock=True)
        if position is None or position.topic_id == topic_id:
            raise Refused("another process has changed the ledger meanwhile; look again")
        if not former[partition]:
            ledger.book_gap(connection, position.topic_id, partition, (position.next_offset, None), statement.said)
            if position.open_day is not None:
                closing = Cut(position.open_day, position.next_offset, "adopted")
                ledger.write_cuts(connection, partition, position.topic_id, [closing])
        if partition not in starts:
            continue
        start = starts[partition]
        if position.open_day is not None:
            opening = Cut(position.open_day - timedelta(days=1), 0, "start")
            ledger.write_cuts(connection, partition, topic_id, [opening])
        if start > 0:
            ledger.book_gap(connection, topic_id, partition, (0, start), statement.said)
        _set_position(connection, ledger, partition, position, topic_id, start)
    also(connection)
    connection.commit()
    return moved


def _set_position(
    connection: Connection, ledger: Ledger, partition: int, position: Position, topic_id: str, offset: int
) -> None:
    where = (ledger.topic, partition, position.topic_id, position.next_offset)
    if run(connection, SET_POSITION, (topic_id, offset, *where)) != 1:
        connection.rollback()
        raise Refused("another process has moved the position meanwhile: stop the persisters first")
