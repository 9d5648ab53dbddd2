"""Decides what a day's report may call itself: final, final with a declared loss, or provisional and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reports.books import Books, Gap, Place, Span, is_touched, lost_in, span_of

FINAL, WITH_LOSS, PROVISIONAL = "final", "final-with-loss", "provisional"


@dataclass(frozen=True)
class KafkaView:
    """What the brokers said: the topic's id, its number of partitions, and where each ends."""

    topic_id: str
    partitions: int
    ends: Mapping[int, int]


@dataclass(frozen=True)
class Ledger:
    """The books of all partitions, present and past, and the declared losses, from one snapshot."""

    topic: str
    books: Mapping[Place, Books]
    gaps: Sequence[Gap]

    def spans(self, day: date) -> list[Span]:
        """The day's records, partition by partition, without those that provably had no part in the day."""
        return [span_of(self.books[place], day) for place in sorted(self.books) if not self.books[place].is_idle(day)]


@dataclass(frozen=True)
class Loss:
    """A declared gap that touches the day; `records` of it lie within the day's offsets."""

    gap: Gap
    records: int


def losses_of(ledger: Ledger, day: date) -> list[Loss]:
    """The gaps that touch the day, in order of place and offset."""
    losses: list[Loss] = []
    for gap in sorted(ledger.gaps, key=lambda each: (each.place, each.first)):
        books = ledger.books.get(gap.place, Books(gap.place))
        span = span_of(books, day)
        if is_touched(books, span, gap, day):
            losses.append(Loss(gap, lost_in(span, [gap])))
    return losses


def end_of(day: date) -> datetime:
    """The first moment after the day."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def why_not_final(
    ledger: Ledger, day: date, now: datetime, kafka: KafkaView | str | None, spans: Sequence[Span]
) -> list[str]:
    """The reasons, in words, for which the day isn't proved complete; none: it is.

    `kafka` is what the brokers said at `now` or later, or why they said nothing. None: they needn't be asked, for
    the day's final report was handed over before; partitions added since hold nothing of it.
    """
    reasons: list[str] = []
    has_ended = now >= end_of(day)
    if not has_ended:
        # The time of the run is not said: the reasons go into the manifest, and no clock may.
        reasons.append(f"{day} has not ended: that is at {end_of(day):%Y-%m-%d %H:%M} UTC")
    if isinstance(kafka, str):
        reasons.append(f"Kafka could not be asked for the topic's partitions: {kafka}")
    elif kafka is not None:
        reasons += _strangers(ledger, kafka)
    for span in spans:
        # While the day goes on no partition has a cut; nothing is learnt from saying it of each.
        if has_ended and span.cause is None:
            reasons.append(_no_cut(span, ledger.books[span.place], day, kafka))
    return reasons


def _strangers(ledger: Ledger, kafka: KafkaView) -> list[str]:
    """Partitions of Kafka that the ledger doesn't know, or a topic that isn't the one it knows."""
    stored = {topic_id for (topic_id, _), books in ledger.books.items() if books.next_offset is not None}
    if stored and kafka.topic_id not in stored:
        reason = f"the topic was made again: Kafka says {kafka.topic_id}, the ledger is at {', '.join(sorted(stored))}"
        return [f"{reason}; see `playlog consume adopt-topic {ledger.topic}`"]
    return [
        f"partition {number} has no cut: the persister has not begun it"
        for number in range(kafka.partitions)
        if (kafka.topic_id, number) not in ledger.books
    ]


def _no_cut(span: Span, books: Books, day: date, kafka: KafkaView | str | None) -> str:
    topic_id, number = span.place
    if books.next_offset is None:
        return f"partition {number} of the old topic {topic_id} has no cut of {day} and no position"
    reason = f"partition {number} has no cut of {day}: it is stored up to offset {books.next_offset}"
    if isinstance(kafka, KafkaView) and kafka.topic_id == topic_id and number in kafka.ends:
        reason += f", {kafka.ends[number] - books.next_offset} records are still in Kafka"
    return reason


def state_of(reasons: Sequence[str], losses: Sequence[Loss]) -> str:
    """The one word that a report carries."""
    if reasons:
        return PROVISIONAL
    return WITH_LOSS if losses else FINAL


def still_in_kafka(ledger: Ledger, kafka: KafkaView | str | None) -> dict[int, int] | None:
    """Records that each partition has and the database hasn't yet; None when the brokers didn't say."""
    if not isinstance(kafka, KafkaView):
        return None
    positions = {
        number: books.next_offset or 0
        for (topic_id, number), books in ledger.books.items()
        if topic_id == kafka.topic_id
    }
    return {number: end - positions.get(number, 0) for number, end in sorted(kafka.ends.items())}
