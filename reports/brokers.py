"""Asks Kafka how many partitions the topic has, and where they end."""

from typing import Protocol

from common.kafka import KafkaException
from reports.proof import KafkaView


class Topics(Protocol):
    """What a report needs of `common.kafka.TopicView`."""

    def describe(self, topic: str) -> tuple[str, int]:
        """The topic's id and its number of partitions."""

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        """The end offset of each partition."""


def ask(topics: Topics, topic: str) -> KafkaView | str:
    """What the brokers say, or in words why they said nothing: a report then stays provisional."""
    try:
        topic_id, partitions = topics.describe(topic)
        return KafkaView(topic_id, partitions, topics.ends(topic, list(range(partitions))))
    except KafkaException as error:
        return str(error.args[0].str()) if error.args else "no reason given"
    except TimeoutError:
        return "no answer in time"
