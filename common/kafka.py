"""What a topic says of itself: its id, its partitions, its ends, its settings."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, OffsetSpec, ResourceType

from common.kafka_link import CatalogueKafka, KafkaLink, KafkaSettings
from common.kafka_offsets import LOWEST, NOTHING_SINCE, answered

#: How long a question to the brokers may take, in seconds.
REQUEST_SECONDS = 5.0


def is_fatal(error: KafkaError) -> bool:
    """Whether the client that met the error can't go on.

    What produce() raises then has the code _FATAL and, though one would think so, not the flag (confluent-kafka 2.16).
    """
    return bool(error.fatal()) or error.code() == KafkaError._FATAL


@dataclass(frozen=True)
class Copies:
    """How many copies of a partition there are, how many are in sync, and whether one of them leads."""

    number: int
    copies: int
    in_sync: int
    has_leader: bool


class TopicView:
    """Asks the brokers about topics and groups. May be used from several threads.

    Every method raises KafkaException when the brokers can't be reached within `REQUEST_SECONDS`, or refuse.
    """

    def __init__(self, settings: KafkaLink) -> None:
        self._heard = ""
        # A connection that fell silent is given up with the first question that it doesn't answer, not a minute later.
        self._settings_of_clients = settings.client() | {"socket.timeout.ms": int(REQUEST_SECONDS * 1000)}
        self._readers: dict[str, Consumer] = {}
        self._making = threading.Lock()
        # Its own log would go to standard error; what matters comes back as an exception.
        self._admin = AdminClient(self._settings_of_clients | {"log_level": 0, "error_cb": self._hear})

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Gives a failure its reason: a request that fails knows only that it has waited in vain."""
        self._admin.poll(0)
        self._heard = ""
        try:
            yield
        except (KafkaException, TimeoutError) as error:
            self._admin.poll(0)
            first = error.args[0] if error.args and isinstance(error.args[0], KafkaError) else None
            code, said = (first.code(), first.str()) if first else (KafkaError._TIMED_OUT, "no answer in time")
            raise KafkaException(KafkaError(code, f"{said} ({self._heard})" if self._heard else said)) from None

    def _hear(self, error: KafkaError) -> None:
        # That all brokers are down follows from whatever was said before.
        if error.code() != KafkaError._ALL_BROKERS_DOWN or not self._heard:
            self._heard = error.str()

    def reach(self, topic: str) -> None:
        """Returns when any broker has answered a question about the topic; the other questions need a controller."""
        with self._asking():
            self._admin.list_topics(topic, timeout=REQUEST_SECONDS)

    def describe(self, topic: str) -> tuple[str, int]:
        """The topic's id (22 characters of base64) and its number of partitions."""
        with self._asking():
            answer = self._admin.describe_topics(TopicCollection([topic]), request_timeout=REQUEST_SECONDS)
            facts = answer[topic].result(REQUEST_SECONDS + 1)
        return str(facts.topic_id), len(facts.partitions)

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        """The end offset of each partition: that of the next record to come."""
        return self._offsets(topic, partitions, OffsetSpec.latest())

    def starts(self, topic: str, partitions: list[int]) -> dict[int, int]:
        """The offset of the oldest record that each partition still has."""
        return self._offsets(topic, partitions, OffsetSpec.earliest())

    def at_or_after(self, topic: str, partitions: list[int], milliseconds: int) -> dict[int, int | None]:
        """The first offset appended at or after a Unix time in milliseconds; None where there is none."""
        found = self._offsets(topic, partitions, OffsetSpec.for_timestamp(milliseconds), NOTHING_SINCE)
        return {partition: None if offset == NOTHING_SINCE else offset for partition, offset in found.items()}

    def committed(self, group: str, topic: str, partitions: list[int]) -> dict[int, int | None]:
        """The offsets that a group has committed to Kafka; None where it has none.

        Asked by a consumer that never joins the group. The administrator's own question, when it had timed out while
        the brokers were away, ended the whole process on their return, by an assertion of the library's (librdkafka
        #4605, 2.16.0).
        """
        wanted = [TopicPartition(topic, number) for number in partitions]
        with self._asking():
            found = self._reader(group).committed(wanted, timeout=REQUEST_SECONDS)
        for each in found:
            if each.error is not None:
                raise KafkaException(each.error)
        return {each.partition: each.offset if each.offset >= 0 else None for each in found}

    def _reader(self, group: str) -> Consumer:
        with self._making:
            if group not in self._readers:
                own = {"group.id": group, "enable.auto.commit": False, "log_level": 0}
                self._readers[group] = Consumer(self._settings_of_clients | own)
            return self._readers[group]

    def copies(self, topic: str) -> list[Copies]:
        """The copies of each partition, in order."""
        with self._asking():
            answer = self._admin.describe_topics(TopicCollection([topic]), request_timeout=REQUEST_SECONDS)
            facts = answer[topic].result(REQUEST_SECONDS + 1)
        return [
            Copies(each.id, len(each.replicas), len(each.isr), each.leader is not None) for each in facts.partitions
        ]

    def settings(self, topic: str) -> dict[str, str]:
        """The topic's settings, defaults included."""
        return self._settings(ResourceType.TOPIC, topic)

    def brokers(self) -> dict[int, dict[str, str]]:
        """Each broker's settings, by its number."""
        with self._asking():
            answer = self._admin.describe_cluster(request_timeout=REQUEST_SECONDS)
            numbers = [node.id for node in answer.result(REQUEST_SECONDS + 1).nodes]
        return {number: self._settings(ResourceType.BROKER, str(number)) for number in numbers}

    def _settings(self, kind: ResourceType, name: str) -> dict[str, str]:
        resource = ConfigResource(kind, name)
        with self._asking():
            answer = self._admin.describe_configs([resource], request_timeout=REQUEST_SECONDS)
            return {name: entry.value for name, entry in answer[resource].result(REQUEST_SECONDS + 1).items()}

    def _offsets(self, topic: str, partitions: list[int], spec: OffsetSpec, lowest: int = LOWEST) -> dict[int, int]:
        wanted = {TopicPartition(topic, number): spec for number in partitions}
        with self._asking():
            answer = self._admin.list_offsets(wanted, request_timeout=REQUEST_SECONDS)
            told = {place.partition: future.result(REQUEST_SECONDS + 1).offset for place, future in answer.items()}
            return answered(told, lowest)


__all__ = ["CatalogueKafka", "KafkaException", "KafkaLink", "KafkaSettings", "TopicView", "is_fatal"]
