"""The play logs' topic and the data centre's tables, as the loop is told about them."""

from functools import partial

from common.clock import SystemClock
from common.database import connect
from common.kafka import TopicView
from common.metrics import metrics_to
from consumer.booking import Days
from consumer.checks import check_database, check_topic
from consumer.config import ConsumerConfig
from consumer.dead_letters import DeadLetters
from consumer.erased import ErasedListeners
from consumer.family import Family
from consumer.heartbeat import Heartbeat
from consumer.ledger import Ledger
from consumer.play_logs.days_ahead import check_days
from consumer.play_logs.sink import PlayLogSink
from consumer.topic import BrokerTopic


def play_logs(config: ConsumerConfig, allowed_dead_letters: int = 0) -> Family:
    """What `playlog consume` runs. Nothing is connected to here."""
    clock, metrics = SystemClock(), metrics_to(config.statsd_host, config.statsd_port)
    view = TopicView(config.kafka)
    connection = partial(connect, config.datacentre.database, config.datacentre.password)
    limit = config.dead_letter_limit + allowed_dead_letters
    return Family(
        config=config,
        kafka=config.kafka,
        view=view,
        topic=BrokerTopic(config.kafka, view),
        connect=connection,
        ledger=Ledger(config.kafka.topic),
        calendar=Days(),
        sink=PlayLogSink(DeadLetters(config.kafka.topic, limit), ErasedListeners(config.listener_secret.value)),
        checks=(
            ("Kafka", lambda: check_topic(view, config.kafka.topic)),
            ("the database", lambda: check_database(connection)),
        ),
        pulse=Heartbeat(connection, clock),
        look_slowly=lambda: check_days(connection, clock, metrics),
        clock=clock,
        metrics=metrics,
    )
