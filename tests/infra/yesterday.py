"""A yesterday that is complete, in the tables and in Kafka, of which the report is still to be made."""

import hashlib
import uuid
from datetime import UTC, date, datetime, time, timedelta

from confluent_kafka import Producer
from MySQLdb.connections import Connection

from common.config import load
from common.database import DatabaseUrl, connect
from common.kafka import KafkaSettings, TopicView
from common.records import RequestRecord, canonical_value, headers_of
from devstack.mariadb_settings import DATACENTRE, MIGRATE
from devstack.stack import Stack
from devstack.words import TOPIC
from tests.integration.report_day import DayWriter, Log, Request

CLIENT = "acme"
LOGS = 5


def connect_to(stack: Stack) -> Connection:
    """The data centre's database, as the user who may write everything."""
    url = DatabaseUrl(MIGRATE.name, DATACENTRE, "127.0.0.1", stack.mariadb.port)
    return connect(url, stack.secrets[MIGRATE.name])


def make_yesterday(stack: Stack) -> date:
    """Writes a request of yesterday's, of LOGS logs, as the persister would have left it; the day."""
    view = TopicView(load(KafkaSettings, {"KAFKA_BOOTSTRAP": stack.kafka.bootstrap}))
    topic_id, partitions = view.describe(TOPIC)
    request_id = uuid.uuid4()
    # The record itself: the persister compares the last that is stored with what Kafka has there.
    record = RequestRecord(request_id, CLIENT, "preview", hashlib.sha256(request_id.bytes).digest(), [])
    producer = Producer({"bootstrap.servers": stack.kafka.bootstrap, "log_level": 0})
    producer.produce(TOPIC, canonical_value(record.items), headers=list(headers_of(record)), partition=0)
    producer.flush(30)
    day = datetime.now(UTC).date() - timedelta(days=1)
    connection = connect_to(stack)
    writer = DayWriter(connection, topic_id)
    writer.cut(0, day - timedelta(days=1), 0, "start")
    noon = datetime.combine(day, time(12), UTC)
    logs = [Log(track_id=number) for number in range(LOGS)]
    writer.put(0, 0, Request(noon, logs, client=CLIENT, request_id=request_id))
    writer.cut(0, day, 1)
    for partition in range(1, partitions):
        writer.quiet(partition, day)
    with connection.cursor() as cursor:
        # Where a persister is that has cut yesterday: a real one goes on from here.
        today = day + timedelta(days=1)
        cursor.execute("UPDATE consumer_offset SET open_day = %s, floor = %s", (today, today))
    connection.commit()
    return day
