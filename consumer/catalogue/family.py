"""The catalogue's topic and the region's tables, as the loop is told about them."""

from functools import partial

from common.catalogue import MAX_RECORD_BYTES, identity_of
from common.clock import SystemClock
from common.database import connect
from common.kafka import TopicView
from common.metrics import FamilyMetrics, metrics_to
from consumer.booking import Undated
from consumer.catalogue.config import SinkConfig
from consumer.catalogue.sink import CatalogueSink
from consumer.catalogue.statements import STORED_AT
from consumer.checks import check_catalogue_topic, check_database
from consumer.dead_letters import DeadLetters
from consumer.family import Family
from consumer.ledger import Ledger
from consumer.observer import NoPulse
from consumer.topic import BrokerTopic
from consumer.way_out import of_catalogue

#: A release is written as hexadecimal text, twice its length.
MIN_PACKET_BYTES = 2 * MAX_RECORD_BYTES + 1_000_000


def ledger_of(topic: str) -> Ledger:
    """The region's books of the topic."""
    return Ledger(topic, STORED_AT, of_catalogue(topic))


def catalogue(config: SinkConfig, allowed_dead_letters: int = 0) -> Family:
    """What `playlog catalogue-consume` runs. Nothing is connected to here."""
    view = TopicView(config.kafka)
    metrics = FamilyMetrics(metrics_to(config.statsd_host, config.statsd_port), "persister", "catalogue")
    connection = partial(connect, config.region.database, config.region.password)
    limit = config.dead_letter_limit + allowed_dead_letters
    return Family(
        config=config,
        kafka=config.kafka,
        view=view,
        topic=BrokerTopic(config.kafka, view, identity_of),
        connect=connection,
        ledger=ledger_of(config.kafka.topic),
        calendar=Undated(),
        sink=CatalogueSink(DeadLetters(config.kafka.topic, limit), metrics),
        checks=(
            ("Kafka", lambda: check_catalogue_topic(view, config.kafka.topic)),
            ("the database", lambda: check_database(connection, MIN_PACKET_BYTES)),
        ),
        pulse=NoPulse(),
        look_slowly=lambda: None,
        clock=SystemClock(),
        metrics=metrics,
        # `trim` leaves what a new region needs, and every mark says whether it has all of it.
        begins_late=True,
    )
