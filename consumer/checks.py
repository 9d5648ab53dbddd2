"""Before the first record: refuses settings of the topic and the database with which logs get lost in silence."""

import logging
from collections.abc import Callable, Mapping

import MySQLdb
from confluent_kafka import KafkaException
from MySQLdb.connections import Connection

from common.database import rows
from common.kafka import TopicView
from common.topic_rules import catalogue_problems, topic_problems
from consumer.trouble import Stop, Transient, translate

logger = logging.getLogger(__name__)

#: A record of 2 MiB, written as text of twice its length, with room for its neighbours' columns.
MIN_PACKET_BYTES = 5_000_000


def check_topic(view: TopicView, topic: str) -> None:
    """Raises Stop with all that is wrong, Transient when the brokers can't be asked or the topic isn't there."""
    _check(view, topic, topic_problems)


def check_catalogue_topic(view: TopicView, topic: str) -> None:
    """As check_topic(), of the catalogue's topic."""
    _check(view, topic, catalogue_problems)


def _check(view: TopicView, topic: str, rules: Callable[[str, Mapping[str, str]], list[str]]) -> None:
    try:
        problems = rules(topic, view.settings(topic))
    except (KafkaException, TimeoutError) as error:
        raise Transient(f"topic {topic} can't be looked at: {error}", "kafka") from None
    if problems:
        raise Stop("\n".join(problems))


def check_database(connect: Callable[[], Connection], least_packet: int = MIN_PACKET_BYTES) -> None:
    """Raises Stop when the server takes too small statements, Transient when it can't be asked."""
    try:
        connection = connect()
        try:
            ((packet,),) = rows(connection, "SELECT @@max_allowed_packet")
        finally:
            connection.close()
    except MySQLdb.Error as error:
        raise translate(error) from None
    if not isinstance(packet, int) or packet < least_packet:
        raise Stop(f"the database's max_allowed_packet is {packet}, set it to 16777216 (16 MiB) or more.")


def wait_for(name: str, check: Callable[[], None], wait: Callable[[float], bool]) -> bool:
    """Tries a check until it passes; False when `wait(seconds)` said that the process is to end. Raises Stop."""
    while True:
        try:
            check()
        except Transient as trouble:
            facts = {"what": name, "reason": str(trouble)}
            logger.warning("waiting for %(what)s: %(reason)s", facts, extra=facts)
            if wait(2.0):
                return False
        else:
            return True
