"""The settings of the producer on which nothing-lost rests."""

import unittest

from app.logs.limits import MAX_RECORD_BYTES, REPLY_DEADLINE_SECONDS
from app.logs.producer import BATCH_BYTES, producer_settings
from common.config import load
from common.kafka import KafkaSettings


class SettingsTest(unittest.TestCase):
    def test_a_record_is_on_all_replicas_once_and_given_up_before_its_reply(self) -> None:
        kafka = load(KafkaSettings, {"KAFKA_BOOTSTRAP": "127.0.0.1:1"})
        settings = producer_settings(kafka, BATCH_BYTES, lambda _: None)
        self.assertEqual(settings["acks"], "all")
        self.assertIs(settings["enable.idempotence"], True)
        self.assertLess(settings["message.timeout.ms"], REPLY_DEADLINE_SECONDS * 1000)
        # A question on a connection that fell silent must not keep it for longer than the record behind it waits.
        self.assertLessEqual(settings["socket.timeout.ms"], settings["message.timeout.ms"])
        self.assertGreaterEqual(settings["message.max.bytes"], MAX_RECORD_BYTES)
