"""The fake consumer keeps the real one's contract."""

from tests.contract_consumer import ConsumerContract, offsets
from tests.fakes.kafka_consumer import FakeConsumer, FakeTopic


class FakeConsumerTest(ConsumerContract):
    def setUp(self) -> None:
        self.topic = "t"
        topic = FakeTopic()
        for number in range(10):
            topic.append(0, b"%d" % number)
        self.consumer = FakeConsumer(topic)

    def read(self, number: int) -> list[int]:
        return offsets(self.consumer.consume(100, 0.1), self.fail)

    def reads_nothing(self) -> bool:
        return not self.consumer.consume(100, 0.1)


del ConsumerContract
