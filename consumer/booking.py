"""Books records: gives each its moment and day, and cuts the days that end between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from consumer.batch import Headers, Polled
from consumer.trouble import Transient

ONE_DAY = timedelta(days=1)
#: A quiet partition's day is cut this long after its end: records that were under way have arrived by then.
GRACE = timedelta(minutes=5)
#: A broker's clock this far ahead of ours would book logs on days to come, for good.
MAX_CLOCK_LEAD = timedelta(hours=1)


@dataclass(frozen=True)
class Position:
    """How far a partition is stored: the row of consumer_offset."""

    topic_id: str
    next_offset: int
    floor: datetime | None = None
    open_day: date | None = None


@dataclass(frozen=True)
class Cut:
    """Day `day` ends at `offset`: that of the first record booked after it."""

    day: date
    offset: int
    cause: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A record with its booked moment, which never goes back within a partition, and so its day."""

    offset: int
    appended_at: datetime
    booked_at: datetime
    headers: Headers
    value: bytes | None

    @property
    def received_day(self) -> date:
        return self.booked_at.date()


@dataclass(frozen=True)
class Booking:
    """What one transaction stores: the records, the days cut, and where the partition stands afterwards."""

    before: Position
    after: Position
    records: Sequence[Booked]
    cuts: Sequence[Cut]


def book(position: Position, records: Sequence[Polled], now: datetime) -> Booking:
    """Books records that follow `position` without a gap.

    The booked moment is the broker's append time, raised to the floor: append times can go back when a leader
    changes or a clock is set. Raises Transient for a record from more than an hour ahead of our clock.
    """
    undated = book_undated(position, records, now)
    open_day = position.open_day
    cuts: list[Cut] = []
    for record in undated.records:
        day = record.received_day
        if open_day is None:
            cuts.append(Cut(day - ONE_DAY, record.offset, "start"))
            open_day = day
        while open_day < day:
            cuts.append(Cut(open_day, record.offset, "record"))
            open_day += ONE_DAY
    return replace(undated, after=replace(undated.after, open_day=open_day), cuts=cuts)


def book_undated(position: Position, records: Sequence[Polled], now: datetime) -> Booking:
    """As book(), of a topic without days: nothing is cut."""
    floor = position.floor
    booked: list[Booked] = []
    for record in records:
        if record.appended_at > now + MAX_CLOCK_LEAD:
            reason = "a record's append time is more than an hour ahead of this machine's clock: compare clocks"
            raise Transient(reason, "clock")
        floor = record.appended_at if floor is None else max(record.appended_at, floor)
        booked.append(Booked(record.offset, record.appended_at, floor, record.headers, record.value))
    end = records[-1].offset + 1 if records else position.next_offset
    return Booking(position, replace(position, next_offset=end, floor=floor), booked, ())


def last_ended_day(now: datetime) -> date:
    """The last day that has ended at least the grace time ago."""
    return (now - GRACE).date() - ONE_DAY


def is_cut_due(position: Position, now: datetime) -> bool:
    """Whether a day has ended that the partition hasn't cut yet."""
    return position.open_day is None or position.open_day <= last_ended_day(now)


def book_quiet(position: Position, end_offset: int, read_at: datetime) -> Booking | None:
    """Cuts the ended days of a partition in which everything is stored.

    `end_offset` must have been read at `read_at` or later. None when records are still to come, or no day is due.
    The floor is raised to the end of the last day cut, so that no later record can be booked before it.
    """
    day = last_ended_day(read_at)
    if end_offset != position.next_offset or not is_cut_due(position, read_at):
        return None
    cuts: list[Cut] = []
    open_day = position.open_day
    if open_day is None:
        cuts.append(Cut(day - ONE_DAY, position.next_offset, "start"))
        open_day = day
    while open_day <= day:
        cuts.append(Cut(open_day, position.next_offset, "quiet"))
        open_day += ONE_DAY
    edge = datetime.combine(open_day, time(), UTC)
    floor = edge if position.floor is None else max(position.floor, edge)
    return Booking(position, replace(position, floor=floor, open_day=open_day), (), cuts)


class Calendar(Protocol):
    """How a topic's records are booked, and whether it has days that end."""

    def book(self, position: Position, records: Sequence[Polled], now: datetime) -> Booking:
        """Books records that follow `position` without a gap. Raises Transient."""

    def book_quiet(self, position: Position, end_offset: int, read_at: datetime) -> Booking | None:
        """What is due of a partition in which everything is stored; None: nothing."""


class Days:
    """Every record belongs to a day, and the day is cut."""

    def book(self, position: Position, records: Sequence[Polled], now: datetime) -> Booking:
        return book(position, records, now)

    def book_quiet(self, position: Position, end_offset: int, read_at: datetime) -> Booking | None:
        return book_quiet(position, end_offset, read_at)


class Undated:
    """Records have an order and no day."""

    def book(self, position: Position, records: Sequence[Polled], now: datetime) -> Booking:
        return book_undated(position, records, now)

    def book_quiet(self, position: Position, end_offset: int, read_at: datetime) -> Booking | None:  # noqa: ARG002
        return None
