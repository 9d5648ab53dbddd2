"""Watches the topic of accepted requests: is it there, which one is it, what does it allow."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from confluent_kafka import KafkaError, KafkaException

from common.clock import Clock

logger = logging.getLogger(__name__)

#: Between two looks. A topic's limit may be lowered at any time.
PERIOD_SECONDS = 1.0
#: A look that takes longer makes the process unready: its questions fail much later (common.kafka.REQUEST_SECONDS).
SILENT_SECONDS = 1.0
#: How long the start waits for the first look; brokers that are away don't stop it.
FIRST_LOOK_SECONDS = 6.0

MISSING_CODES = frozenset({KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC})


class TopicSource(Protocol):
    """The part of common.kafka.TopicView that is needed here."""

    def reach(self, topic: str) -> None: ...

    def describe(self, topic: str) -> tuple[str, int]: ...

    def settings(self, topic: str) -> dict[str, str]: ...


@dataclass(frozen=True)
class TopicFacts:
    """What was last seen of the topic."""

    topic_id: str
    partitions: int
    max_record_bytes: int


class TopicWatch:
    """Looks again and again, in a thread of its own. What was seen stays known while the brokers are away."""

    def __init__(
        self,
        source: TopicSource,
        topic: str,
        check: Callable[[Mapping[str, str]], list[str]],
        clock: Clock,
    ) -> None:
        self._source = source
        self._clock = clock
        self._seen_at = float("-inf")
        #: When the look began that is under way; None between two looks.
        self._asked_at: float | None = None
        self._topic = topic
        self._check = check
        self._facts: TopicFacts | None = None
        self._problems: tuple[str, ...] = ("Kafka was not asked yet.",)
        self._is_missing = False
        self._looked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="topic-watch", daemon=True)

    @property
    def facts(self) -> TopicFacts | None:
        return self._facts

    @property
    def seen_at(self) -> float:
        """When the last look that any broker answered began, on the clock's monotonic scale."""
        return self._seen_at

    @property
    def is_missing(self) -> bool:
        """The brokers say that there is no such topic."""
        return self._is_missing

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the process isn't ready to publish; empty when it is.

        A process that has nothing to publish learns here first that Kafka fell silent.
        """
        asked_at = self._asked_at
        is_silent = asked_at is not None and self._clock.monotonic() - asked_at > SILENT_SECONDS
        return self._problems or (("Kafka doesn't answer.",) if is_silent else ())

    def start(self) -> None:
        """Returns when the first look ended, either way."""
        self._thread.start()
        self._looked.wait(FIRST_LOOK_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(PERIOD_SECONDS)

    def look(self) -> None:
        """Asks the brokers once."""
        self._asked_at = began = self._clock.monotonic()
        try:
            self._ask(began)
        finally:
            # Not before a failure is said: between the two it would look ready.
            self._asked_at = None

    def _ask(self, began: float) -> None:
        is_missing = False
        try:
            self._source.reach(self._topic)
            self._seen_at = began
            topic_id, partitions = self._source.describe(self._topic)
            settings = self._source.settings(self._topic)
        except KafkaException as error:
            is_missing = error.args[0].code() in MISSING_CODES
            problems = [self._trouble(is_missing)]
        else:
            self._facts = TopicFacts(topic_id, partitions, int(settings["max.message.bytes"]))
            problems = self._check(settings)
        self._is_missing = is_missing
        self._say(tuple(problems))

    def _trouble(self, is_missing: bool) -> str:
        if is_missing:
            return f"Topic {self._topic} doesn't exist: create it."
        return "Kafka can't be reached."

    def _say(self, problems: tuple[str, ...]) -> None:
        if problems != self._problems:
            for problem in problems:
                logger.error("not ready: %(problem)s", facts := {"problem": problem}, extra=facts)
            if not problems:
                logger.info("the topic is there and its settings are right")
        self._problems = problems

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:
                logger.exception("watching the topic failed")
            self._looked.set()
            self._stopping.wait(PERIOD_SECONDS)
