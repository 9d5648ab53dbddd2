"""What the ledger says of one partition, and which of its records belong to a day: pure, from facts already read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
ADOPTED = "adopted"

#: A partition of a topic made under this id; a topic made again has another id and begins at offset 0 again.
Place = tuple[str, int]


@dataclass(frozen=True)
class Cut:
    """Where a day ends: the offset of the first record booked after it, and how the persister knew."""

    offset: int
    cause: str


@dataclass(frozen=True)
class Gap:
    """Records that an operator declared lost: [first, end), or from `first` on when nobody knows how many."""

    place: Place
    first: int
    end: int | None
    reason: str
    operator: str
    declared_at: str
    declared_on: date


@dataclass(frozen=True)
class Books:
    """A partition's cuts (its first, its last, and those around the day) and how far it is stored."""

    place: Place
    cuts: Mapping[date, Cut] = field(default_factory=dict)
    next_offset: int | None = None

    def cut_at(self, day: date) -> int | None:
        """Where `day` ends, or None while the persister hasn't cut it."""
        if day in self.cuts:
            return self.cuts[day].offset
        if not self.cuts:
            return None
        first, last = min(self.cuts), max(self.cuts)
        if day < first:
            # Before its books began the partition held nothing.
            return 0
        if day > last and self.cuts[last].cause == ADOPTED:
            return self.cuts[last].offset
        return None

    def is_idle(self, day: date) -> bool:
        """Whether the partition provably had no part in the day: its books begin later, or were closed before.

        It is left out of the proof then, so that partitions added later don't change an old day's report.
        """
        if not self.cuts:
            return False
        first, last = min(self.cuts), max(self.cuts)
        is_closed = day > last and self.cuts[last].cause == ADOPTED
        return (day <= first or is_closed) and self.cut_at(day - ONE_DAY) == self.cut_at(day)


@dataclass(frozen=True)
class Span:
    """A day's records of one partition: [first, end). `cause` is None while the end is only how far it is stored."""

    place: Place
    first: int
    end: int
    cause: str | None

    @property
    def records(self) -> int:
        return self.end - self.first


def span_of(books: Books, day: date) -> Span:
    """The day's records as far as they are stored. Closed, with a cause, exactly when both ends are cut."""
    first, end = books.cut_at(day - ONE_DAY), books.cut_at(day)
    if first is not None and end is not None:
        return Span(books.place, first, end, books.cuts[day].cause if day in books.cuts else "outside")
    stored = books.next_offset or 0
    if first is None:
        # The persister hasn't come to this day yet.
        return Span(books.place, stored, stored, None)
    return Span(books.place, first, max(first, stored), None)


def lost_in(span: Span, gaps: Sequence[Gap]) -> int:
    """How many of the span's offsets are declared lost."""
    return sum(
        max(0, min(span.end, gap.end) - max(span.first, gap.first))
        for gap in gaps
        if gap.place == span.place and gap.end is not None
    )


def is_touched(books: Books, span: Span, gap: Gap, day: date) -> bool:
    """Whether records of the day may be among the lost ones.

    Lost records lie between two stored ones and could have been booked on the day of either, or on one between
    them, but on none after the loss was declared: a gap that ends where the day begins touches it until then. One
    without an end reaches from the day that was open when the topic was made again to that of its declaration.
    """
    if gap.end is None:
        return max(books.cuts, default=gap.declared_on) <= day <= gap.declared_on
    is_beside = not books.is_idle(day) and gap.first < span.end and gap.end >= span.first
    return lost_in(span, [gap]) > 0 or (is_beside and day <= gap.declared_on)
