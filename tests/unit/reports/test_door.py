"""The report's command line, its day words, and what Kafka's refusals become."""

import argparse
import unittest
from datetime import UTC, date, datetime

import MySQLdb
from confluent_kafka import KafkaError

from common.kafka import KafkaException
from reports.brokers import ask
from reports.door import arguments, day_of, day_word
from reports.office import reason_of
from reports.progress import Progress
from reports.proof import KafkaView
from tests.fakes.hand_clock import HandClock


class DayWords(unittest.TestCase):
    def test_today_and_yesterday_are_utc_days(self) -> None:
        clock = HandClock(datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC))
        self.assertEqual(day_of("today", clock), date(2026, 3, 1))
        self.assertEqual(day_of("yesterday", clock), date(2026, 2, 28))
        self.assertEqual(day_of("2026-01-31", clock), date(2026, 1, 31))

    def test_only_one_form_of_a_date_is_taken(self) -> None:
        for word in ("20260131", "2026-W05-1", "2026-02-30", "tomorrow", "2026-1-31", "2026-01-31\n"):
            with self.assertRaises(argparse.ArgumentTypeError, msg=word):
                day_word(word)

    def test_the_help_says_how_to_undo_the_guard_and_what_the_statuses_mean(self) -> None:
        parser = argparse.ArgumentParser()
        arguments(parser)
        text = parser.format_help()
        self.assertIn("Remove one leading '", text)
        self.assertIn("75 not complete yet", text)


class Failures(unittest.TestCase):
    def test_the_databases_words_are_not_repeated_since_they_may_quote_a_row(self) -> None:
        error = MySQLdb.IntegrityError(1062, "Duplicate entry 'secret-user' for key")
        self.assertEqual(reason_of(error), "the database failed with error 1062")
        self.assertEqual(reason_of(OSError(28, "No space left on device")), "[Errno 28] No space left on device")


class Topics:
    """Brokers that answer, or don't."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    def describe(self, topic: str) -> tuple[str, int]:
        if self._failure is not None:
            raise self._failure
        return "id", 2

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        return dict.fromkeys(partitions, 3)


class Ask(unittest.TestCase):
    def test_an_answer_is_a_view(self) -> None:
        self.assertEqual(ask(Topics(), "t"), KafkaView("id", 2, {0: 3, 1: 3}))

    def test_a_refusal_is_its_reason_in_words(self) -> None:
        refused = KafkaException(KafkaError(KafkaError._TRANSPORT, "all brokers are down"))
        self.assertEqual(ask(Topics(refused), "t"), "all brokers are down")
        self.assertEqual(ask(Topics(TimeoutError()), "t"), "no answer in time")


class LongRuns(unittest.TestCase):
    def test_every_ten_seconds_the_session_is_kept_and_the_log_told(self) -> None:
        clock, beats = HandClock(), list[int]()
        progress = Progress(clock, lambda: beats.append(1))
        progress.tick(1_000)
        clock.turn(10)
        with self.assertLogs("reports.progress", "INFO") as logs:
            progress.tick(50_000)
        progress.tick(51_000)
        self.assertEqual((len(beats), logs.records[0].getMessage()), (1, "read 50000 logs in 10 s"))
