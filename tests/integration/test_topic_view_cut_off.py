"""Every question to the brokers, asked while the link to them is silent: a failure, and never an answer."""

import time
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import KafkaException

from common.config import load
from common.kafka import KafkaSettings, TopicView
from tests.integration.shared_stack import kafka_link
from tests.integration.topic_rig import TopicRig

PARTITIONS = [0, 1]
SECONDS = 20.0


class CutOffTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = TopicRig(partitions=len(PARTITIONS))
        self.addCleanup(kafka_link().mend)

    def questions(self) -> dict[str, Callable[[], object]]:
        """Each by a view of its own, as they are asked side by side."""
        settings = load(KafkaSettings, {"KAFKA_BOOTSTRAP": self.rig.stack.kafka.far_bootstrap})
        topic = self.rig.topic
        views = {name: TopicView(settings) for name in dir(TopicView) if not name.startswith("_")}
        return {
            "at_or_after": lambda: views["at_or_after"].at_or_after(topic, PARTITIONS, int(time.time() * 1000)),
            "brokers": views["brokers"].brokers,
            "committed": lambda: views["committed"].committed("nobody", topic, PARTITIONS),
            "copies": lambda: views["copies"].copies(topic),
            "describe": lambda: views["describe"].describe(topic),
            "ends": lambda: views["ends"].ends(topic, PARTITIONS),
            "reach": lambda: views["reach"].reach(topic),
            "settings": lambda: views["settings"].settings(topic),
            "starts": lambda: views["starts"].starts(topic, PARTITIONS),
        }

    def test_no_question_is_answered_by_a_link_that_is_silent(self) -> None:
        questions = self.questions()
        self.assertEqual(list(questions), sorted(name for name in dir(TopicView) if not name.startswith("_")))
        with ThreadPoolExecutor(len(questions)) as threads:
            # Once with an answer: connections are open, and who leads is known.
            for asked in [threads.submit(question) for question in questions.values()]:
                asked.result(SECONDS)
            kafka_link().cut()
            waiting = {name: threads.submit(question) for name, question in questions.items()}
            for name, asked in waiting.items():
                with self.subTest(name):
                    self.assertIsInstance(asked.exception(SECONDS), KafkaException)
