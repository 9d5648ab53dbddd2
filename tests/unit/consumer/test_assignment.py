"""Where reading begins, and every reason not to begin."""

import unittest
from dataclasses import dataclass, field
from typing import Any, cast

from consumer.assignment import Assignment
from consumer.booking import Position
from consumer.ledger import Ledger
from consumer.trouble import Stop
from consumer.way_out import WayOut, of_play_logs

OWN = b"r" * 16


@dataclass
class Topic:
    """A fake of consumer.topic.BrokerTopic."""

    identity: str = "id-1"
    start: int = 0
    end: int = 100
    request_ids: dict[int, bytes | None] = field(default_factory=dict)

    def topic_id(self) -> str:
        return self.identity

    def bounds(self, partition: int) -> tuple[int, int]:
        return self.start, self.end

    def identity_at(self, partition: int, offset: int) -> bytes | None:
        return self.request_ids.get(offset, OWN)


@dataclass
class Books:
    """A fake of consumer.ledger.Ledger with one partition's row."""

    position: Position | None
    identity: bytes | str | None = OWN
    topic: str = "play-logs"
    is_first: bool = True
    gaps: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def way_out(self) -> WayOut:
        return of_play_logs(self.topic)

    def read(self, connection: object, partition: int) -> Position | None:
        return self.position

    def begin_books(self, connection: object, partition: int, topic_id: str, offset: int) -> bool:
        self.position = Position(topic_id, offset if self.is_first else 42)
        return self.is_first

    def book_gap(
        self, connection: object, topic_id: str, partition: int, gap: tuple[int, int | None], said: tuple[str, str]
    ) -> None:
        self.gaps.append(gap)

    def identity_at(self, connection: object, partition: int, topic_id: str, offset: int) -> bytes | str | None:
        return self.identity


class NoTransaction:
    """A fake connection."""

    def rollback(self) -> None:
        """Nothing was begun."""

    def commit(self) -> None:
        """Nothing was begun."""


def assign(books: Books, topic: Topic, *, begins_late: bool = False) -> Position:
    return Assignment(cast(Ledger, books), topic, begins_late=begins_late)(cast(Any, NoTransaction()), 0)


class AssignmentTest(unittest.TestCase):
    def assert_stops(self, books: Books, topic: Topic, *words: str) -> None:
        with self.assertRaises(Stop) as caught:
            assign(books, topic)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_the_ledger_decides(self) -> None:
        position = Position("id-1", 7)
        self.assertEqual(assign(Books(position), Topic()), position)

    def test_an_empty_ledger_begins_at_nought(self) -> None:
        self.assertEqual(assign(Books(None), Topic()), Position("id-1", 0))

    def test_a_row_that_another_writer_made_first_is_read(self) -> None:
        self.assertEqual(assign(Books(None, is_first=False), Topic()), Position("id-1", 42))

    def test_an_empty_ledger_stops_when_the_log_does_not_begin_at_nought(self) -> None:
        self.assert_stops(Books(None), Topic(start=3), "accept-loss play-logs 0 0 3", "oldest record is at offset 3")

    def test_where_a_topic_is_trimmed_books_begin_with_what_is_left_and_say_so(self) -> None:
        books = Books(None, "gap")
        self.assertEqual(assign(books, Topic(start=3), begins_late=True), Position("id-1", 3))
        self.assertEqual(books.gaps, [(0, 3)])
        whole = Books(None, "gap")
        self.assertEqual(assign(whole, Topic(), begins_late=True), Position("id-1", 0))
        self.assertEqual(whole.gaps, [])
        late = Books(None, is_first=False)
        self.assertEqual(assign(late, Topic(start=3), begins_late=True), Position("id-1", 42))
        self.assertEqual(late.gaps, [])

    def test_a_loss_behind_the_books_begin_stops_there_too(self) -> None:
        with self.assertRaisesRegex(Stop, "50 records"):
            assign(Books(Position("id-1", 10)), Topic(start=60), begins_late=True)

    def test_records_that_are_gone_are_named_with_their_number(self) -> None:
        self.assert_stops(Books(Position("id-1", 10)), Topic(start=60), "50 records", "accept-loss play-logs 0 10 60")

    def test_an_offset_beyond_the_end_stops(self) -> None:
        self.assert_stops(Books(Position("id-1", 101)), Topic(end=100), "ends at 100")

    def test_the_end_itself_and_the_start_itself_are_fine(self) -> None:
        for offset, start in ((100, 0), (60, 60), (0, 0)):
            position = Position("id-1", offset)
            self.assertEqual(assign(Books(position), Topic(start=start)), position)

    def test_another_topic_id_stops(self) -> None:
        self.assert_stops(Books(Position("id-0", 10)), Topic(), "was made again", "adopt-topic play-logs")

    def test_another_record_before_the_position_stops(self) -> None:
        for other in (b"x" * 16, None):
            self.assert_stops(Books(Position("id-1", 10)), Topic(request_ids={9: other}), "rewritten")

    def test_a_record_without_an_id_and_a_gap_are_not_compared(self) -> None:
        position = Position("id-1", 10)
        for identity in ("unreadable", "gap"):
            found = assign(Books(position, identity=identity), Topic(request_ids={9: b"x" * 16}))
            self.assertEqual(found, position)

    def test_a_ledger_without_the_row_before_its_position_stops(self) -> None:
        self.assert_stops(Books(Position("id-1", 10), identity=None), Topic(), "no row")

    def test_a_record_that_retention_removed_is_not_compared(self) -> None:
        position = Position("id-1", 60)
        self.assertEqual(assign(Books(position), Topic(start=60, request_ids={59: b"x" * 16})), position)
