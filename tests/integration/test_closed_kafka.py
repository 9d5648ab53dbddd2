"""Least privilege in Kafka: each user may do what its rules say, and every other act is refused."""

import unittest
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from confluent_kafka.cimpl import NewTopic

from common.kafka_acls import APP, CATALOGUE, CATALOGUE_PRODUCER, CATALOGUE_SINK, PERSISTER, READER, USERS, read_rules
from devstack.words import CATALOGUE_TOPIC, GROUP, TOPIC
from tests.integration.closed_stack import closed_stack, links

SECONDS = 10.0
SILENCE_SECONDS = 2.0
REFUSED = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        # Of a topic that a user may not even describe the library knows no leader.
        KafkaError._NOENT,
    }
)
#: The only users who may do each act; nobody may do the others.
ALLOWED = {
    "write play-logs": {APP},
    "read play-logs": {PERSISTER, READER},
    "commit the persister's offsets": {PERSISTER},
    "see the persister's offsets": {PERSISTER, APP},
    "see the topic's settings": {PERSISTER, APP, READER},
    "see the brokers' settings": {READER},
    "write catalogue": {CATALOGUE_PRODUCER},
    "read catalogue": {CATALOGUE_SINK, CATALOGUE},
    "cut catalogue": {CATALOGUE},
    "make a topic": set(),
    "delete play-logs": set(),
    "change the topic's settings": set(),
    "see the rules": set(),
}


class Acts:
    """Tries things as one user; each act raises KafkaException when it is refused."""

    def __init__(self, user: str) -> None:
        self._client = links().kafka.client(closed_stack().kafka.bootstrap, user)
        self._admin = AdminClient(self._client)

    def all(self) -> dict[str, Callable[[], object]]:
        topic = [NewTopic(f"made-{uuid.uuid4()}", num_partitions=1, replication_factor=1)]
        config = ConfigResource(ResourceType.TOPIC, TOPIC)
        broker = ConfigResource(ResourceType.BROKER, "1")
        entry = ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)
        change = ConfigResource(ResourceType.TOPIC, TOPIC, incremental_configs=[entry])
        return {
            "write play-logs": lambda: self.write(TOPIC),
            "read play-logs": lambda: self.read(TOPIC),
            "commit the persister's offsets": self.commit,
            "see the persister's offsets": self.committed,
            "see the topic's settings": lambda: _first(self._admin.describe_configs([config])),
            "see the brokers' settings": lambda: _first(self._admin.describe_configs([broker])),
            "write catalogue": lambda: self.write(CATALOGUE_TOPIC),
            "read catalogue": lambda: self.read(CATALOGUE_TOPIC),
            "cut catalogue": lambda: _first(self._admin.delete_records([TopicPartition(CATALOGUE_TOPIC, 0, 0)])),
            "make a topic": lambda: _first(self._admin.create_topics(topic)),
            "delete play-logs": lambda: _first(self._admin.delete_topics([TOPIC])),
            "change the topic's settings": lambda: _first(self._admin.incremental_alter_configs([change])),
            "see the rules": self.see_rules,
        }

    def write(self, topic: str) -> None:
        errors: list[KafkaError | None] = []
        # Foreign bytes, which the persister keeps aside.
        producer = Producer(self._client | {"message.timeout.ms": 5_000})
        producer.produce(topic, b"x", on_delivery=lambda error, _: errors.append(error))
        producer.flush(SECONDS)
        if errors and errors[0] is not None:
            raise KafkaException(errors[0])

    def read(self, topic: str) -> None:
        consumer = self.consumer("playlog-ledger")
        consumer.assign([TopicPartition(topic, 0, 0)])
        try:
            while (message := consumer.poll(SILENCE_SECONDS)) is not None:
                error = message.error()
                if error is None or error.code() == KafkaError._PARTITION_EOF:
                    return
                # It reads without a group, for which it has no rule.
                if error.code() != KafkaError.GROUP_AUTHORIZATION_FAILED:
                    raise KafkaException(error)
            # The brokers give it nothing, not even the end that a reader hears of at once.
            raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
        finally:
            consumer.close()

    def commit(self) -> None:
        wanted = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(TOPIC, 0, 0)])
        try:
            answer: Any = _first(self._admin.alter_consumer_group_offsets([wanted], request_timeout=SECONDS))
            for each in answer.topic_partitions:
                if each.error is not None:
                    raise KafkaException(each.error)
        except KafkaException as error:
            # The group has a member, the real persister: whoever may commit hears of that instead.
            if error.args[0].code() in REFUSED:
                raise

    def see_rules(self) -> None:
        # Whoever may not see them is shown none, without an error.
        if not read_rules(self._admin):
            raise KafkaException(KafkaError(KafkaError.CLUSTER_AUTHORIZATION_FAILED))

    def committed(self) -> None:
        wanted = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(TOPIC, 0)])
        _first(self._admin.list_consumer_group_offsets([wanted], request_timeout=SECONDS))

    def consumer(self, group: str) -> Consumer:
        own = {"group.id": group, "enable.auto.commit": False, "enable.partition.eof": True}
        return Consumer(self._client | own)


def _first(answers: dict[Any, Any]) -> object:
    return next(iter(answers.values())).result(SECONDS)


class RulesTest(unittest.TestCase):
    def outcome(self, user: str) -> dict[str, bool]:
        """What the user could do."""
        found: dict[str, bool] = {}
        for name, act in Acts(user).all().items():
            try:
                act()
                found[name] = True
            except KafkaException as error:
                self.assertIn(error.args[0].code(), REFUSED, f"{user}: {name}: {error}")
                found[name] = False
        return found

    def test_each_user_may_do_its_own_acts_and_no_other(self) -> None:
        closed_stack()
        with ThreadPoolExecutor() as pool:
            found = dict(zip(USERS, pool.map(self.outcome, USERS), strict=True))
        expected = {user: {act: user in users for act, users in ALLOWED.items()} for user in USERS}
        self.maxDiff = None
        self.assertEqual(found, expected)
