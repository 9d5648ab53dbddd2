"""Creates the topics, with the settings on which nothing-lost rests."""

from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

PARTITIONS = 6
RETENTION_MILLISECONDS = 7 * 24 * 60 * 60 * 1000
MAX_RECORD_BYTES = 2 * 1024 * 1024
REQUEST_SECONDS = 30.0

PLAY_LOGS_SETTINGS = {
    "cleanup.policy": "delete",
    # The broker's clock, not the player's: a play of last month would be past its retention at birth.
    "message.timestamp.type": "LogAppendTime",
    "retention.bytes": "-1",
    "retention.ms": str(RETENTION_MILLISECONDS),
    "max.message.bytes": str(MAX_RECORD_BYTES),
    "unclean.leader.election.enable": "false",
}


#: Every version of the catalogue stays, until `playlog catalogue trim` cuts what two whole loads have made needless.
CATALOGUE_SETTINGS = PLAY_LOGS_SETTINGS | {"retention.ms": "-1", "max.message.bytes": str(4 * 1024 * 1024)}


def create_play_logs(
    bootstrap: str, name: str, nodes: int = 1, partitions: int = PARTITIONS, client: Mapping[str, Any] | None = None
) -> bool:
    """Creates the topic where there is none; returns whether it did. One that is there is never touched.

    `client` has librdkafka's settings for brokers that don't let everybody in.
    """
    return _create(bootstrap, name, PLAY_LOGS_SETTINGS, nodes, partitions, client)


def create_catalogue(
    bootstrap: str, name: str, nodes: int = 1, partitions: int = PARTITIONS, client: Mapping[str, Any] | None = None
) -> bool:
    """As create_play_logs(), for the topic of the catalogue."""
    return _create(bootstrap, name, CATALOGUE_SETTINGS, nodes, partitions, client)


def _create(
    bootstrap: str,
    name: str,
    own: Mapping[str, str],
    nodes: int,
    partitions: int,
    client: Mapping[str, Any] | None,
) -> bool:
    copies = min(nodes, 3)
    settings = {**own, "min.insync.replicas": "1" if copies < 3 else "2"}
    topic = NewTopic(name, num_partitions=partitions, replication_factor=copies, config=settings)
    # Silent: its threads may outlive this call, and would report the end of a stack as a fault.
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0, **(client or {})})
    answer = admin.create_topics([topic], operation_timeout=REQUEST_SECONDS, request_timeout=REQUEST_SECONDS)
    try:
        answer[name].result(REQUEST_SECONDS + 1)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return False
        raise
    return True
