"""A writer tries until it works, and whatever goes wrong becomes news."""

import queue
import unittest
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from consumer.booking import Position, book
from consumer.commits import Commits
from consumer.flush import Flush, Flushed, Moved, Tally
from consumer.pace import Backoff, Pace, RateByHour
from consumer.partition import Astray, Failed, GaveUp, Held, Loaded, Lost, News, Partition, Stored, Troubled
from consumer.session import Session
from consumer.trouble import Abandoned, Collision, Hold, Stop, Transient
from consumer.way_out import of_play_logs
from consumer.work import Work
from consumer.writer import Writer
from tests.fakes.hand_clock import HandClock
from tests.fakes.play_requests import polled
from tests.recorded_metrics import RecordedMetrics


class AtOnce(Backoff):
    """Waits no time."""

    def next(self) -> float:
        return 0.0


class Script:
    """A fake of Flush that does what it is told, try by try."""

    def __init__(self, *outcomes: Any) -> None:
        self.outcomes = list(outcomes)
        self.tries = 0
        self.moved: Moved | None = None

    def __call__(self, *_: object) -> Any:
        self.tries += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def compare(self, *_: object) -> Moved | None:
        return self.moved

    def check_topic(self, topic_id: str) -> None:
        """The topic is the same."""

    way_out = of_play_logs("play-logs")


@dataclass
class Ends:
    """A fake of consumer.work.EndOfTopic: the partition's end, and which record is left next."""

    last: int = 5
    left: int = 5

    def end(self, partition: int) -> int:
        return self.last

    def first_left(self, partition: int, offset: int) -> int:
        return self.left


AT = Position("id", 5)
DONE = Flushed(Position("id", 6), Tally(records=1, stored=1), 0.01)


class WriterTest(unittest.TestCase):
    def setUp(self) -> None:
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.metrics = RecordedMetrics()
        self.clock = HandClock()
        self.partition = Partition(0, position=AT)
        self.connections = 0
        self.topic = Ends()

    def work(self, *outcomes: Any, assignment: Callable[..., Position] = lambda *_: AT) -> Work:
        def connect() -> Any:
            self.connections += 1
            return Connection()

        writer = Writer("w", Session(connect), self.news, AtOnce, self.metrics)
        self.script = Script(*outcomes)
        pace = Pace(RateByHour(0), 1)
        flush = cast(Flush, self.script)
        assigned = cast(Any, assignment)
        return Work(writer, assigned, flush, self.topic, pace, self.news, self.clock, self.metrics, Commits())

    def do(self, work: Work) -> list[News]:
        work.store(self.partition, [polled(5)])
        return self.news_of(work)

    def news_of(self, work: Work) -> list[News]:
        work.writer.finish()
        work.writer.run()
        found = []
        while not self.news.empty():
            found.append(self.news.get())
        return found

    def test_a_batch_that_is_stored_says_where_the_partition_stands(self) -> None:
        (news,) = self.do(self.work(DONE))
        assert isinstance(news, Stored)
        self.assertEqual(news.next_offset, 6)

    def test_passing_trouble_is_told_and_tried_again_on_a_new_connection(self) -> None:
        found = self.do(self.work(Transient("a lock", "1205"), Transient("a break", "2013"), DONE))
        self.assertEqual([type(each) for each in found], [Troubled, Troubled, Stored])
        self.assertEqual(self.connections, 3)
        retries = [each.tags for each in self.metrics.seen if each.name == "persister.retries"]
        self.assertEqual(retries, [("reason:1205",), ("reason:2013",)])

    def test_a_lost_commit_answer_goes_on(self) -> None:
        found = self.do(self.work(Transient("a break", "2013"), Moved(Position("id", 6), "stored")))
        self.assertEqual([type(each) for each in found], [Troubled, Stored])

    def test_a_moved_position_is_told_and_the_ledger_read_again(self) -> None:
        for cause in ("ahead", "behind"):
            found = self.do(self.work(Moved(Position("id", 2), cause)))
            self.assertEqual([type(each) for each in found], [Lost, Loaded])
        self.assertEqual([each.tags for each in self.metrics.seen], [("cause:ahead",), ("cause:behind",)])

    def test_a_key_that_somebody_stored_meanwhile_is_looked_for_again(self) -> None:
        found = self.do(self.work(Collision(0), Collision(1), DONE))
        self.assertEqual([type(each) for each in found], [Stored])

    def test_a_key_that_nobody_finds_stops(self) -> None:
        (news,) = self.do(self.work(Collision(0), Collision(0), DONE))
        assert isinstance(news, Failed)
        self.assertIsInstance(news.error, Stop)
        self.assertEqual(self.script.tries, 2)

    def test_what_is_gone_is_named_with_the_way_out(self) -> None:
        self.topic.left = 9
        work = self.work()
        work.check_hole(self.partition)
        (news,) = self.news_of(work)
        assert isinstance(news, Failed)
        self.assertRegex(str(news.error), "4 records of partition 0 are gone: wanted offset 5, got 9")
        self.assertRegex(str(news.error), "accept-loss play-logs 0 5 9 --reason")

    def test_what_is_there_and_did_not_come_is_to_be_sought_again(self) -> None:
        work = self.work()
        work.check_hole(self.partition)
        self.assertEqual(self.news_of(work), [Astray(self.partition, 5)])
        self.topic.last = 7
        work = self.work()
        work.tend(self.partition)
        self.assertEqual(self.news_of(work), [Astray(self.partition, 5)])

    def test_every_other_end_is_news(self) -> None:
        for error, kind in ((Hold("h"), Held), (Abandoned("a"), GaveUp), (Stop("s"), Failed)):
            found = self.do(self.work(error))
            self.assertEqual([type(each) for each in found], [kind])

    def test_an_unknown_error_stops_and_is_logged(self) -> None:
        with self.assertLogs("consumer.writer", "ERROR"):
            (news,) = self.do(self.work(ZeroDivisionError()))
        assert isinstance(news, Failed)

    def test_a_partition_taken_away_is_given_up_without_a_try(self) -> None:
        self.partition.abandoned.set()
        found = self.do(self.work(DONE))
        self.assertEqual(([type(each) for each in found], self.script.tries), ([GaveUp], 0))

    def test_a_clock_that_runs_ahead_waits(self) -> None:
        with self.assertRaises(Transient):
            book(AT, [polled(5)], self.clock.now().replace(year=2000))

    def tend(self, open_day: date, *outcomes: Any, moved: Moved | None = None) -> list[str]:
        self.partition.position = replace(AT, open_day=open_day)
        work = self.work(*outcomes)
        self.script.moved = moved
        work.tend(self.partition)
        return [type(each).__name__ for each in self.news_of(work)]

    def test_a_quiet_day_that_has_ended_is_cut(self) -> None:
        yesterday = self.clock.now().date() - timedelta(days=1)
        self.assertEqual((self.tend(yesterday, DONE), self.script.tries), (["Stored"], 1))

    def test_a_day_that_goes_on_is_left_alone(self) -> None:
        self.assertEqual((self.tend(self.clock.now().date()), self.script.tries), (["Stored"], 0))

    def test_a_database_that_was_restored_while_nothing_came_is_noticed(self) -> None:
        moved = Moved(Position("id", 2), "behind")
        self.assertEqual(self.tend(self.clock.now().date(), moved=moved), ["Lost", "Loaded"])


class Connection:
    """A fake connection."""

    def close(self) -> None:
        """Nothing is open."""
