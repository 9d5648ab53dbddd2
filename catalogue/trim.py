"""Cuts the topic's history: never more than two whole loads make needless."""

from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from MySQLdb.connections import Connection

from common.database import any_rows as rows
from common.kafka import CatalogueKafka, TopicView

REQUEST_SECONDS = 30.0
#: Of the whole loads that ended, the last ones.
LOADS = """
SELECT l.number FROM catalogue_load AS l
WHERE l.state = 'done' AND EXISTS (SELECT 1 FROM catalogue_mark AS m WHERE m.load_no = l.number AND m.kind = 'end')
ORDER BY l.number DESC LIMIT 2"""
BEGINS = """
SELECT p.partition_no, p.topic_id, MIN(p.kafka_offset)
FROM catalogue_mark AS m JOIN catalogue_mark_place AS p USING (number)
WHERE m.kind = 'begin' AND m.load_no = %s GROUP BY p.partition_no, p.topic_id"""


class CantTrim(Exception):
    """Nothing was cut; the message says why, and what to do."""


@dataclass(frozen=True)
class Cut:
    """Where each partition is to begin, which load begins there, and how many records go."""

    load_no: int
    offsets: Mapping[int, int]
    records: int


def plan_cut(connection: Connection, kafka: CatalogueKafka, view: TopicView, groups: list[str]) -> Cut:
    """What can be cut. Raises CantTrim, KafkaException, MySQLdb.Error."""
    connection.rollback()
    loads = [row[0] for row in rows(connection, LOADS)]
    if len(loads) < 2:
        raise CantTrim(
            f"{len(loads)} whole loads have ended: what lies before the last two can be cut. Publish the whole"
            " catalogue with `playlog catalogue publish --all` first."
        )
    older = min(loads)
    places = rows(connection, BEGINS, (older,))
    connection.rollback()
    topic_id, partitions = view.describe(kafka.topic)
    offsets = {row[0]: row[2] for row in places if row[1] == topic_id}
    if sorted(offsets) != list(range(partitions)):
        raise CantTrim(f"load {older} didn't begin in every partition of the topic: its mark isn't known everywhere.")
    for group in groups:
        _check_group(kafka, view, group, offsets)
    starts = view.starts(kafka.topic, list(offsets))
    return Cut(older, offsets, sum(max(0, offsets[number] - starts[number]) for number in offsets))


def cut(kafka: CatalogueKafka, offsets: Mapping[int, int]) -> None:
    """Deletes the records before these offsets, for good. Raises KafkaException."""
    admin = AdminClient(kafka.client() | {"log_level": 0})
    places = [TopicPartition(kafka.topic, number, offset) for number, offset in offsets.items()]
    for answer in admin.delete_records(places, request_timeout=REQUEST_SECONDS).values():
        answer.result(REQUEST_SECONDS + 1)


def _check_group(kafka: CatalogueKafka, view: TopicView, group: str, offsets: Mapping[int, int]) -> None:
    """A region that hasn't read so far would stop for what is gone."""
    committed = view.committed(group, kafka.topic, list(offsets))
    for number, offset in offsets.items():
        found = committed[number]
        if found is None or found < offset:
            raise CantTrim(
                f"group {group} has read partition {number} up to offset {found}, and the cut is at {offset}: wait"
                " until that region has caught up."
            )


__all__ = ["CantTrim", "Cut", "KafkaException", "cut", "plan_cut"]
