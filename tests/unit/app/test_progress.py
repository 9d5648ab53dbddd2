"""The backlog's age from Kafka's offsets alone, and answers that are kept for a moment."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import KafkaError, KafkaException

from app.logs.progress import FAILED_SECONDS, LADDER, PLACES, Progress
from tests.fakes.hand_clock import HandClock
from tests.fakes.topic_source import FakeTopicSource


class ProgressTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.source = FakeTopicSource()
        self.progress = Progress(self.source, "play-logs", "persister", self.clock)

    def append(self, partition: int, seconds_ago: float) -> None:
        self.source.appended[partition].append(int((self.clock.now().timestamp() - seconds_ago) * 1000))

    def backlog(self) -> int:
        self.progress = Progress(self.source, "play-logs", "persister", self.clock)
        return self.progress.backlog_seconds(2)

    def test_nothing_sent_or_nothing_unread_is_no_backlog(self) -> None:
        self.assertEqual(self.backlog(), 0)
        self.append(0, 5_000)
        self.source.group = {0: 1}
        self.assertEqual(self.backlog(), 0)

    def test_it_is_the_largest_step_that_the_oldest_unread_record_has_passed(self) -> None:
        for age in (1, 4, 6, 14, 16, 59, 61, 299, 301, 3_599, 3_601, 86_399, 86_401, 600_000, 9_999_999):
            with self.subTest(age):
                self.source.appended = {0: [], 1: []}
                self.append(0, age)
                self.append(0, 0)
                self.assertEqual(self.backlog(), max([step for step in LADDER if step < age], default=0))

    def test_read_records_do_not_count_and_the_next_one_does(self) -> None:
        self.append(1, 9_000)
        self.append(1, 70)
        self.source.group = {1: 1}
        self.assertEqual(self.backlog(), 60)

    def test_the_oldest_of_all_partitions_counts(self) -> None:
        self.append(0, 20)
        self.append(1, 400)
        self.assertEqual(self.backlog(), 300)

    def test_records_that_retention_removed_are_no_backlog(self) -> None:
        self.append(0, 90_000)
        self.source.first = {0: 1}
        self.assertEqual(self.backlog(), 0)

    def test_few_questions_are_asked(self) -> None:
        self.append(0, 400)
        self.backlog()
        self.assertLessEqual(self.source.questions.count("at_or_after"), 4)

    def test_answers_are_kept_for_a_moment(self) -> None:
        self.progress.committed(2)
        self.clock.turn(0.9)
        self.progress.committed(2)
        self.assertEqual(self.source.questions, ["committed"])
        self.clock.turn(0.2)
        self.source.group = {0: 5}
        self.assertEqual(self.progress.committed(2), {0: 5, 1: None})
        self.progress.backlog_seconds(2)
        asked = len(self.source.questions)
        self.clock.turn(4.9)
        self.progress.backlog_seconds(2)
        self.assertEqual(len(self.source.questions), asked)

    def test_more_partitions_are_another_question(self) -> None:
        self.progress.committed(2)
        self.source.appended[2] = []
        self.assertIn(2, self.progress.committed(3))

    def test_brokers_out_of_reach_are_not_kept_as_an_answer(self) -> None:
        self.source.failure = KafkaError._TIMED_OUT
        for question in (self.progress.committed, self.progress.backlog_seconds):
            with self.assertRaises(KafkaException):
                question(2)
        self.source.failure = None
        self.clock.turn(FAILED_SECONDS)
        self.assertEqual(self.progress.backlog_seconds(2), 0)

    def test_after_a_failure_nobody_asks_for_a_moment_but_about_something_else(self) -> None:
        self.source.silent = {"ends"}
        for _ in range(9):
            with self.assertRaises(KafkaException):
                self.progress.backlog_seconds(2)
        self.assertEqual(self.source.questions.count("ends"), 1)
        self.assertEqual(self.progress.committed(2), {0: None, 1: None})

    def test_no_more_than_a_few_wait_with_a_question_that_gets_no_answer(self) -> None:
        may_answer, asked = threading.Event(), threading.Event()

        class Silent(FakeTopicSource):
            def committed(self, group: str, topic: str, partitions: list[int]) -> dict[int, int | None]:
                asked.set()
                assert may_answer.wait(20)
                return {0: 5}

        self.progress = Progress(Silent(), "play-logs", "persister", self.clock)
        with ThreadPoolExecutor(PLACES) as threads:
            waiting = [threads.submit(self.progress.committed, 2) for _ in range(PLACES)]
            self.assertTrue(asked.wait(20))
            while self.progress.free_places:
                pass
            with self.assertRaises(KafkaException):
                self.progress.committed(2)
            may_answer.set()
            self.assertEqual([each.result(20) for each in waiting], [{0: 5}] * PLACES)
        self.assertEqual(self.progress.free_places, PLACES)
