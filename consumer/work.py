"""What a writer does for a partition: read its position, store a batch, look after it while it is idle."""

import queue
from collections.abc import Sequence
from typing import Protocol

from common.clock import Clock
from common.metrics import Metrics
from consumer.assignment import Assignment
from consumer.batch import Polled
from consumer.booking import Booking, Calendar, Days, Position
from consumer.commits import Commits
from consumer.flush import Flush, Flushed, Moved
from consumer.measures import tell_flushed, tell_moved
from consumer.pace import Pace
from consumer.partition import Astray, Loaded, Lost, MayResume, News, Partition, Stored
from consumer.trouble import Collision, Stop
from consumer.writer import Writer


class EndOfTopic(Protocol):
    """The part of consumer.topic.BrokerTopic that work asks; each raises Transient."""

    def end(self, partition: int) -> int: ...
    def first_left(self, partition: int, offset: int) -> int: ...


class Work:
    """The five kinds of work; each is submitted by the poll thread and answered by news."""

    def __init__(
        self,
        writer: Writer,
        assignment: Assignment,
        flush: Flush,
        topic: EndOfTopic,
        pace: Pace,
        news: "queue.SimpleQueue[News]",
        clock: Clock,
        metrics: Metrics,
        commits: Commits,
        calendar: Calendar | None = None,
    ) -> None:
        self.writer = writer
        self._assignment, self._flush, self._topic = assignment, flush, topic
        self._pace, self._news, self._clock, self._metrics = pace, news, clock, metrics
        self._commits, self._calendar = commits, calendar or Days()

    def load(self, partition: Partition) -> None:
        """Asks for the partition's position; Loaded comes back."""
        self.writer.submit(partition, lambda: self._load(partition))

    def store(self, partition: Partition, records: Sequence[Polled]) -> None:
        """Hands over a batch that follows the position without a gap; Stored comes back, or Lost."""
        self.writer.submit(partition, lambda: self._store(partition, records))

    def tend(self, partition: Partition) -> None:
        """Is the ledger where we left it, and has a day ended? Stored comes back, or Lost, or Astray."""
        self.writer.submit(partition, lambda: self._tend(partition))

    def check_resume(self, partition: Partition) -> None:
        """Asks whether the topic is still the one we know; MayResume comes back."""
        self.writer.submit(partition, lambda: self._check_resume(partition))

    def check_hole(self, partition: Partition) -> None:
        """Is the expected record gone, for a later one came? Astray comes back, or Failed."""
        self.writer.submit(partition, lambda: self._check_hole(partition))

    def _load(self, partition: Partition) -> None:
        position = self.writer.insist(
            partition, lambda: self._assignment(self.writer.session.connection(), partition.number)
        )
        partition.position = position
        self._news.put(Loaded(partition, position.next_offset))

    def _store(self, partition: Partition, records: Sequence[Polled]) -> None:
        rows = sum(record.rows for record in records)
        self.writer.wait(partition, self._pace.delay(rows, self._clock.now(), self._clock.monotonic()))

        def attempt() -> Flushed | Moved:
            return self._flush_once(partition, self._calendar.book(_known(partition), records, self._clock.now()))

        outcome = self.writer.insist(partition, attempt)
        self._settle(partition, outcome)

    def _tend(self, partition: Partition) -> None:
        outcome = self.writer.insist(partition, lambda: self._tend_once(partition))
        if isinstance(outcome, (Stored, Astray)):
            self._news.put(outcome)
        else:
            self._settle(partition, outcome)

    def _tend_once(self, partition: Partition) -> Flushed | Moved | Stored | Astray:
        position = _known(partition)
        moved = self._flush.compare(self.writer.session.connection(), partition.number, position)
        if moved is not None:
            return moved
        read_at = self._clock.now()
        end = self._topic.end(partition.number)
        if end > position.next_offset:
            return Astray(partition, position.next_offset)
        booking = self._calendar.book_quiet(position, end, read_at)
        return (
            Stored(partition, position.next_offset, None) if booking is None else self._flush_once(partition, booking)
        )

    def _check_hole(self, partition: Partition) -> None:
        number, wanted = partition.number, _known(partition).next_offset
        left = self.writer.insist(partition, lambda: self._topic.first_left(number, wanted))
        if left > wanted:
            raise Stop(
                f"{left - wanted} records of partition {number} are gone: wanted offset {wanted}, got {left}."
                f" {self._flush.way_out.accept_loss(number, wanted, left)} books them as lost and goes on."
            )
        self._news.put(Astray(partition, wanted))

    def _check_resume(self, partition: Partition) -> None:
        topic_id = _known(partition).topic_id
        self.writer.insist(partition, lambda: self._flush.check_topic(topic_id))
        self._news.put(MayResume(partition))

    def _flush_once(self, partition: Partition, booking: Booking) -> Flushed | Moved:
        """One try, and after a key that somebody else stored a moment ago further ones, while looks find more."""
        known = None
        while True:
            try:
                return self._flush(self.writer.session.connection(), partition.number, booking, partition.abandoned)
            except Collision as collision:
                if known is not None and collision.known <= known:
                    raise Stop(
                        f"partition {partition.number}: the database refuses rows as stored already (1062), but a"
                        " second look found none of them. Nothing of the batch was stored. An index is damaged or a"
                        " table was changed by hand: CHECK TABLE tells."
                    ) from None
                known = collision.known

    def _settle(self, partition: Partition, outcome: Flushed | Moved) -> None:
        partition.position = outcome.position
        if isinstance(outcome, Moved) and outcome.cause != "stored":
            tell_moved(partition, outcome, self._metrics)
            self._news.put(Lost(partition, outcome.cause))
            self._load(partition)
            return
        if isinstance(outcome, Flushed):
            self._pace.committed(outcome.tally.stored, outcome.commit_seconds)
            self._commits.count(outcome)
            tell_flushed(partition, outcome, self._metrics)
        self._news.put(Stored(partition, outcome.position.next_offset, outcome.position.floor))


def _known(partition: Partition) -> Position:
    assert partition.position is not None, "a partition is loaded before anything else is done for it"
    return partition.position
