"""A topic of a test's own on the shared broker, made, filled, changed and deleted as the test says."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from confluent_kafka import KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from common.config import load
from common.kafka import KafkaSettings, TopicView
from common.records import RequestRecord, canonical_value, headers_of
from devstack.topics import create_play_logs
from tests.integration.shared_stack import shared_stack

WAIT_SECONDS = 40.0


def eventually(claim: Callable[[], bool], about: str, seconds: float = WAIT_SECONDS) -> None:
    """Waits until a claim is true; fails the test when it isn't in time."""
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {about}")
        time.sleep(0.05)


class TopicRig:
    """One topic, with the settings of the real one."""

    def __init__(self, partitions: int = 1) -> None:
        self.stack = shared_stack()
        self.topic = f"logs-{uuid.uuid4().hex[:12]}"
        #: Stands for `demo` in the requests: keys and ids of other tests are another client's.
        self.client = f"client-of-{self.topic}"
        bootstrap = self.stack.kafka.bootstrap
        self.view = TopicView(load(KafkaSettings, {"KAFKA_BOOTSTRAP": bootstrap}))
        self.admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        self.make_topic(partitions)
        self.topic_id = self.current_topic_id()

    def make_topic(self, partitions: int = 1) -> None:
        """Makes the topic, with the settings of the real one."""
        create_play_logs(self.stack.kafka.bootstrap, self.topic, partitions=partitions)

    def current_topic_id(self) -> str:
        """The topic's id, as soon as the broker knows the new topic."""
        found: list[str] = []

        def is_known() -> bool:
            try:
                found.append(self.view.describe(self.topic)[0])
            except KafkaException:
                return False
            return True

        eventually(is_known, "the broker knows the topic")
        return found[0]

    def delete_topic(self) -> None:
        """Deletes the topic and waits until it is gone."""
        self.admin.delete_topics([self.topic])[self.topic].result(10)
        eventually(lambda: self.topic not in self.admin.list_topics(timeout=5).topics, "the topic is gone")

    def produce(self, *records: RequestRecord, partition: int = 0) -> list[int]:
        """Puts requests into the topic; their offsets."""
        own = (replace(each, client=self.client) if each.client == "demo" else each for each in records)
        return self.produce_raw(*((canonical_value(each.items), headers_of(each)) for each in own), to=partition)

    def produce_raw(self, *records: tuple[bytes | None, Sequence[tuple[str, bytes]]], to: int = 0) -> list[int]:
        """Puts any records into the topic; their offsets."""
        offsets: list[int] = []

        def delivered(error: object, message: "Message[bytes, bytes]") -> None:
            if error is not None:
                raise AssertionError(f"not delivered: {error}")
            offset = message.offset()
            offsets.append(-1 if offset is None else offset)

        producer = Producer({"bootstrap.servers": self.stack.kafka.bootstrap, "linger.ms": 0, "log_level": 0})
        for value, headers in records:
            producer.produce(self.topic, value, headers=list(headers), partition=to, on_delivery=delivered)
        producer.flush(15)
        if len(offsets) != len(records):
            raise AssertionError(f"{len(offsets)} of {len(records)} records were delivered")
        return offsets

    def produce_in_transaction(self, record: RequestRecord) -> None:
        """As no producer of ours does: the end of the transaction takes an offset of its own."""
        settings = {"bootstrap.servers": self.stack.kafka.bootstrap, "transactional.id": self.topic, "log_level": 0}
        producer = Producer(settings)
        producer.init_transactions(20)
        producer.begin_transaction()
        end = self.view.ends(self.topic, [0])[0]
        own = replace(record, client=self.client)
        producer.produce(self.topic, canonical_value(own.items), headers=list(headers_of(own)), partition=0)
        producer.commit_transaction(20)
        # The mark is written after the answer.
        eventually(lambda: self.view.ends(self.topic, [0])[0] == end + 2, "record and mark are there")

    def delete_before(self, offset: int, partition: int = 0) -> None:
        """Deletes the records before an offset, as retention does."""
        place = TopicPartition(self.topic, partition, offset)
        for future in self.admin.delete_records([place]).values():
            future.result(10)

    def alter_topic(self, name: str, value: str) -> None:
        """Changes a setting of the topic."""
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, self.topic, incremental_configs=[entry])
        self.admin.incremental_alter_configs([resource])[resource].result(10)
        eventually(lambda: self.view.settings(self.topic)[name] == value, f"{name} is {value}")
