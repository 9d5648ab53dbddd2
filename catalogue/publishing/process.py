"""Puts the producer together from its settings, and takes it apart again."""

import threading
from functools import partial

from catalogue.config import ProducerConfig
from catalogue.publishing.books import Replaced
from catalogue.publishing.service import Service
from catalogue.publishing.topic_writer import TopicWriter, producer_maker
from common.clock import SystemClock
from common.database import connect
from common.kafka import TopicView
from common.metrics import metrics_to
from common.status_server import StatusServer
from common.topic_rules import catalogue_problems


class Producer:
    """The whole process."""

    def __init__(self, config: ProducerConfig) -> None:
        self._config = config
        self._view = TopicView(config.kafka)
        self._metrics = metrics_to(config.statsd_host, config.statsd_port)
        self._service = Service(
            partial(connect, config.datacentre.database, config.datacentre.password),
            self._describe_topic,
            TopicWriter(producer_maker(config.kafka), config.kafka.topic),
            f"playlog:catalogue:{config.kafka.topic}",
            config.checkpoint_seconds,
            SystemClock(),
            self._metrics,
        )

    def run(self, stop: threading.Event) -> None:
        """Runs until `stop` is set. Raises Replaced, with a sentence for the operator, when it mustn't go on."""
        status = StatusServer(self._config.status_bind, self._about, lambda: self._service.is_turning)
        status.start()
        try:
            self._service.run(stop)
        finally:
            status.stop()
            self._metrics.close()

    def _about(self) -> dict[str, object]:
        return {"ready": self._service.trouble is None, "trouble": self._service.trouble}

    def _describe_topic(self) -> tuple[str, int]:
        topic = self._config.kafka.topic
        problems = catalogue_problems(topic, self._view.settings(topic))
        if problems:
            raise Replaced("\n".join(problems))
        return self._view.describe(topic)
