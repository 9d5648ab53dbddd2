"""A Kafka cluster with one topic, as far as questions about it go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException

from tests.fakes.publisher import TOPIC_ID

T = TypeVar("T")

GOOD_SETTINGS = {
    "message.timestamp.type": "LogAppendTime",
    "retention.bytes": "-1",
    "retention.ms": "604800000",
    "unclean.leader.election.enable": "false",
    "cleanup.policy": "delete",
    "max.message.bytes": "2097152",
    "min.insync.replicas": "2",
}


@dataclass
class FakeTopicSource:
    """A fake of common.kafka.TopicView. Records are their append times in milliseconds, by partition."""

    topic_id: str = TOPIC_ID
    topic_settings: dict[str, str] = field(default_factory=lambda: dict(GOOD_SETTINGS))
    appended: dict[int, list[int]] = field(default_factory=lambda: {0: [], 1: []})
    first: dict[int, int] = field(default_factory=dict)
    group: dict[int, int] = field(default_factory=dict)
    failure: int | None = None
    #: Questions that fail while the others are answered.
    silent: set[str] = field(default_factory=set)
    questions: list[str] = field(default_factory=list)
    #: Called with the name of each question while it waits for its answer.
    while_waiting: Callable[[str], None] = lambda _: None

    def reach(self, topic: str) -> None:
        self._answer("reach", lambda: None)

    def describe(self, topic: str) -> tuple[str, int]:
        return self._answer("describe", lambda: (self.topic_id, len(self.appended)))

    def settings(self, topic: str) -> dict[str, str]:
        return self._answer("settings", lambda: dict(self.topic_settings))

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        return self._answer("ends", lambda: {number: len(self.appended[number]) for number in partitions})

    def starts(self, topic: str, partitions: list[int]) -> dict[int, int]:
        return self._answer("starts", lambda: {number: self.first.get(number, 0) for number in partitions})

    def at_or_after(self, topic: str, partitions: list[int], milliseconds: int) -> dict[int, int | None]:
        def find(number: int) -> int | None:
            later = (offset for offset, at in enumerate(self.appended[number]) if at >= milliseconds)
            return next(later, None)

        return self._answer("at_or_after", lambda: {number: find(number) for number in partitions})

    def committed(self, group: str, topic: str, partitions: list[int]) -> dict[int, int | None]:
        return self._answer("committed", lambda: {number: self.group.get(number) for number in partitions})

    def _answer(self, question: str, answer: Callable[[], T]) -> T:
        self.questions.append(question)
        self.while_waiting(question)
        if self.failure is not None or question in self.silent:
            raise KafkaException(KafkaError(self.failure or KafkaError.FENCED_LEADER_EPOCH))
        return answer()
