"""What the loop is told about one topic and the tables that its records go to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from MySQLdb.connections import Connection

from common.clock import Clock
from common.kafka import CatalogueKafka, KafkaSettings, TopicView
from common.metrics import ClosingMetrics
from consumer.booking import Calendar
from consumer.config import LoopConfig
from consumer.flush import Sink
from consumer.ledger import Ledger
from consumer.observer import Pulse
from consumer.topic import BrokerTopic


@dataclass(frozen=True)
class Family:
    """One topic with its tables: everything that the process knows of either.

    `checks` are passed before the first record, each under the name of what is waited for; `look_slowly` is asked
    every ten minutes. `begins_late` as in consumer.assignment.
    """

    config: LoopConfig
    kafka: KafkaSettings | CatalogueKafka
    view: TopicView
    topic: BrokerTopic
    connect: Callable[[], Connection]
    ledger: Ledger
    calendar: Calendar
    sink: Sink
    checks: Sequence[tuple[str, Callable[[], None]]]
    pulse: Pulse
    look_slowly: Callable[[], None]
    clock: Clock
    metrics: ClosingMetrics
    begins_late: bool = False
