"""The test mark of a cluster and of a database: nothing sends a load to stores without it, breaks or empties them.

It lies in the stores themselves, where no environment variable that was left set can put it by accident.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

if TYPE_CHECKING:
    from devstack.stack import Stack

TOPIC_MARK = "playlog-test-mark"
SCHEMA_MARK = "playlog_test_mark"
REQUEST_SECONDS = 30.0
#: After this time every broker knows a topic that one of them made.
KNOWN_SECONDS = 3.0


class NotMarked(Exception):
    """A cluster or a database isn't one for tests. The message names it, and says what to do."""


def mark_database(stack: Stack) -> None:
    """Marks the stack's database server by an empty schema."""
    stack.mariadb.execute(f"CREATE DATABASE IF NOT EXISTS {SCHEMA_MARK}")


def mark_kafka(stack: Stack) -> None:
    """Marks the stack's cluster by an empty topic."""
    admin = _admin(stack)
    answer = admin.create_topics([NewTopic(TOPIC_MARK, num_partitions=1, replication_factor=1)])
    try:
        answer[TOPIC_MARK].result(REQUEST_SECONDS)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise


def refuse_unmarked(stack: Stack) -> None:
    """Raises NotMarked when a store that the stack started lacks the mark; to be called before anything is sent."""
    if stack.kafka.nodes[0].child.is_running() and not _is_kafka_marked(stack):
        raise NotMarked(_sentence(f"the Kafka cluster at {stack.kafka.bootstrap}", f"topic {TOPIC_MARK}"))
    if stack.mariadb.child.is_running() and not stack.mariadb.execute(f"SHOW DATABASES LIKE '{SCHEMA_MARK}'"):
        raise NotMarked(_sentence(f"the database server at port {stack.mariadb.port}", f"schema {SCHEMA_MARK}"))


def _is_kafka_marked(stack: Stack) -> bool:
    admin = _admin(stack)
    until = time.monotonic() + KNOWN_SECONDS
    while TOPIC_MARK not in admin.list_topics(timeout=REQUEST_SECONDS).topics:
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _sentence(store: str, mark: str) -> str:
    return (
        f"{store} has no {mark}: it isn't one for tests, and is left alone. Let the test or the benchmark start a stack"
        " of its own."
    )


def _admin(stack: Stack) -> AdminClient:
    client = stack.closed.kafka.client(stack.kafka.bootstrap) if stack.closed else {}
    return AdminClient({"bootstrap.servers": stack.kafka.bootstrap, "log_level": 0, **client})
