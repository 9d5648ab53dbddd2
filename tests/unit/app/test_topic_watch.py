"""The topic's watch: what is wrong is said once and loudly, and what was seen stays known."""

import logging
import unittest
from collections.abc import Callable
from functools import partial

from confluent_kafka import KafkaError

from app.checks import publishing_problems
from app.logs.limits import MAX_RECORD_BYTES
from app.logs.topic_watch import TopicFacts, TopicWatch
from tests.fakes.hand_clock import HandClock
from tests.fakes.publisher import TOPIC_ID
from tests.fakes.topic_source import GOOD_SETTINGS, FakeTopicSource


class OnEachLine(logging.Handler):
    """Calls a function whenever a line is logged."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self._call = call

    def emit(self, record: logging.LogRecord) -> None:
        self._call()


class TopicWatchTest(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.source = FakeTopicSource()
        self.clock = HandClock()
        self.watch = TopicWatch(
            self.source, "play-logs", partial(publishing_problems, "play-logs", environment="production"), self.clock
        )

    def test_before_the_first_look_it_is_not_ready(self) -> None:
        self.assertTrue(self.watch.problems)
        self.assertIsNone(self.watch.facts)

    def test_a_good_topic_has_no_problems(self) -> None:
        self.watch.look()
        self.assertEqual(self.watch.problems, ())
        self.assertEqual(self.watch.facts, TopicFacts(TOPIC_ID, 2, 2_097_152))

    def test_a_limit_that_is_lowered_is_seen_and_makes_it_unready(self) -> None:
        self.watch.look()
        self.source.topic_settings["max.message.bytes"] = "20000"
        self.watch.look()
        self.assertEqual(self.watch.facts, TopicFacts(TOPIC_ID, 2, 20_000))
        self.assertIn("max.message.bytes", self.watch.problems[0])

    def test_brokers_out_of_reach_are_a_problem_and_the_facts_stay(self) -> None:
        self.watch.look()
        self.source.failure = KafkaError._TIMED_OUT
        self.watch.look()
        self.assertEqual(len(self.watch.problems), 1)
        self.assertFalse(self.watch.is_missing)
        self.assertIsNotNone(self.watch.facts)
        self.source.failure = None
        self.watch.look()
        self.assertEqual(self.watch.problems, ())

    def test_a_question_that_waits_for_more_than_a_second_is_a_problem_before_it_fails(self) -> None:
        for silent in ("reach", "describe", "settings"):
            with self.subTest(silent):
                self.watch.look()
                seen: list[tuple[str, ...]] = []

                def wait(question: str, silent: str = silent, seen: list[tuple[str, ...]] = seen) -> None:
                    for seconds in (0.9, 0.2) if question == silent else ():
                        self.clock.turn(seconds)
                        seen.append(self.watch.problems)

                self.source.while_waiting = wait
                self.watch.look()
                self.assertEqual(seen, [(), ("Kafka doesn't answer.",)])
                self.assertEqual(self.watch.problems, ())

    def test_there_is_no_moment_of_readiness_between_a_question_that_waits_and_its_failure(self) -> None:
        self.watch.look()
        self.source.failure = KafkaError._TIMED_OUT
        self.source.while_waiting = lambda _: self.clock.turn(5)
        seen: list[tuple[str, ...]] = []
        said = OnEachLine(lambda: seen.append(self.watch.problems))
        logging.disable(logging.NOTSET)
        logger = logging.getLogger("app.logs.topic_watch")
        logger.addHandler(said)
        self.addCleanup(logger.removeHandler, said)
        self.watch.look()
        self.assertEqual(seen, [("Kafka doesn't answer.",)])

    def test_a_question_that_has_failed_waits_no_longer(self) -> None:
        self.watch.look()
        self.source.failure = KafkaError._TIMED_OUT
        self.watch.look()
        self.clock.turn(60)
        self.assertEqual(self.watch.problems, ("Kafka can't be reached.",))

    def test_it_knows_when_the_last_answered_look_began(self) -> None:
        self.watch.look()
        seen = self.clock.monotonic()
        self.assertEqual(self.watch.seen_at, seen)
        self.clock.turn(5)
        self.source.failure = KafkaError._TIMED_OUT
        self.watch.look()
        self.assertEqual(self.watch.seen_at, seen)
        self.source.failure = None
        self.watch.look()
        self.assertEqual(self.watch.seen_at, seen + 5)

    def test_brokers_without_a_controller_are_seen_though_they_cannot_tell_of_the_topic(self) -> None:
        self.source.silent = {"describe", "settings"}
        self.watch.look()
        self.assertEqual(self.watch.seen_at, self.clock.monotonic())
        self.assertTrue(self.watch.problems)

    def test_a_missing_topic_is_told_from_brokers_out_of_reach(self) -> None:
        self.source.failure = KafkaError.UNKNOWN_TOPIC_OR_PART
        self.watch.look()
        self.assertTrue(self.watch.is_missing)
        self.assertIn("create it", self.watch.problems[0])
        self.source.failure = None
        self.watch.look()
        self.assertFalse(self.watch.is_missing)

    def test_a_problem_is_logged_when_it_comes_and_when_it_goes(self) -> None:
        logging.disable(logging.NOTSET)
        with self.assertLogs("app.logs.topic_watch", "INFO") as logs:
            for _ in range(3):
                self.watch.look()
            self.source.topic_settings["retention.bytes"] = "5"
            for _ in range(3):
                self.watch.look()
        self.assertEqual([record.levelname for record in logs.records], ["INFO", "ERROR"])

    def test_the_start_waits_for_the_first_look(self) -> None:
        self.watch.start()
        self.addCleanup(self.watch.stop)
        self.assertEqual(self.watch.problems, ())


class TopicProblemsTest(unittest.TestCase):
    def problems(self, environment: str = "production", **changes: str) -> list[str]:
        settings = GOOD_SETTINGS | {name.replace("_", "."): value for name, value in changes.items()}
        return publishing_problems("play-logs", settings, environment)

    def test_each_setting_that_loses_logs_is_named_with_what_to_change(self) -> None:
        cases = {
            "message_timestamp_type": "CreateTime",
            "retention_bytes": "1000000000",
            "retention_ms": "86400000",
            "unclean_leader_election_enable": "true",
            "cleanup_policy": "compact,delete",
            "max_message_bytes": str(MAX_RECORD_BYTES - 1),
            "min_insync_replicas": "1",
        }
        for name, value in cases.items():
            with self.subTest(name):
                (problem,) = self.problems(**{name: value})
                self.assertIn(f"set {name.replace('_', '.')} to", problem)
                self.assertIn(value, problem) if name != "min_insync_replicas" else None

    def test_the_edges_are_right(self) -> None:
        self.assertEqual(self.problems(retention_ms="-1"), [])
        self.assertEqual(self.problems(max_message_bytes=str(MAX_RECORD_BYTES)), [])

    def test_one_broker_is_enough_on_a_developers_machine_alone(self) -> None:
        self.assertEqual(self.problems("local", min_insync_replicas="1"), [])
        self.assertEqual(len(self.problems("uat", min_insync_replicas="1")), 1)

    def test_all_are_found_at_once(self) -> None:
        self.assertEqual(len(self.problems(retention_bytes="1", cleanup_policy="compact", max_message_bytes="9")), 3)
