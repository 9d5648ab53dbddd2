"""The real consumer does what the loop relies on, and what the fake imitates."""

import time

from confluent_kafka import Consumer

from consumer.play_logs.family import play_logs
from consumer.process import consumer_settings
from tests.contract_consumer import ConsumerContract, offsets
from tests.fakes.play_requests import request
from tests.integration.persister_rig import PersisterRig

QUIET_SECONDS = 0.7
READ_SECONDS = 15.0


class RealConsumerTest(ConsumerContract):
    rig: PersisterRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = PersisterRig()
        cls.addClassCleanup(cls.rig.close)
        cls.rig.produce(*(request() for _ in range(10)))

    def setUp(self) -> None:
        self.topic = self.rig.topic
        # Without a group to join: the partition is assigned by hand.
        settings = consumer_settings(play_logs(self.rig.config)) | {"group.protocol": "classic", "log_level": 0}
        self.consumer = Consumer(settings)
        self.addCleanup(self.consumer.close)

    def read(self, number: int) -> list[int]:
        found: list[int] = []
        deadline = time.monotonic() + READ_SECONDS
        while len(found) < number and time.monotonic() < deadline:
            found += offsets(self.consumer.consume(100, 0.2), self.fail)
        return found

    def reads_nothing(self) -> bool:
        return offsets(self.consumer.consume(100, QUIET_SECONDS), self.fail) == []


del ConsumerContract
