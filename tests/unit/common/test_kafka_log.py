"""librdkafka's lines: the first of each kind at once, then one a while, which says how many were left out."""

import logging
import unittest

from common.kafka_log import QUIET_SECONDS, Sparing, kafka_logger


class SparingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        self.filter = Sparing(lambda: self.now)

    def say(self, kind: str) -> str | None:
        record = logging.LogRecord("librdkafka", logging.ERROR, "", 0, "%s [%s] %s", (kind, "c", "why"), None)
        return record.getMessage() if self.filter.filter(record) else None

    def test_a_line_of_each_kind_now_and_then(self) -> None:
        self.assertEqual([self.say("FAIL"), self.say("REQTMOUT")], ["FAIL [c] why", "REQTMOUT [c] why"])
        self.assertEqual([self.say("FAIL") for _ in range(200)], [None] * 200)
        self.now += QUIET_SECONDS
        self.assertEqual(self.say("FAIL"), "FAIL [c] why (200 like it left out)")
        self.assertEqual(self.say("REQTMOUT"), "REQTMOUT [c] why")

    def test_the_filter_is_there_once(self) -> None:
        self.assertIs(kafka_logger(), kafka_logger())
        self.assertEqual(sum(isinstance(each, Sparing) for each in kafka_logger().filters), 1)
