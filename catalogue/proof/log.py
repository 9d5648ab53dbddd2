"""Reads the catalogue's topic from end to end, without a group, and keeps what each release is by then."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from common.catalogue import MarkRecord, identity_of
from common.catalogue_reading import read_catalogue_record
from common.kafka import CatalogueKafka
from common.records import Unreadable

READ_RECORDS = 1_000
#: No record for so long, though there are some to come: the brokers are away.
SILENCE_SECONDS = 30.0


class LogAway(Exception):
    """The topic can't be read to where it was asked for."""


@dataclass
class Expected:
    """A release by the log: its newest version, and the last record that named it."""

    version: int
    digest: bytes
    seen_offset: int
    partition: int


@dataclass
class LogState:
    """What a region must hold that has read each partition up to some offset."""

    releases: dict[int, Expected] = field(default_factory=dict)
    #: By partition and load: where the load begins.
    begins: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, partition: int, offset: int, headers: Any, value: bytes | None) -> None:
        """The next record of a partition; one that nobody can read changes nothing."""
        facts = {name: data for name, data in headers or () if data is not None}
        digest = identity_of(list(facts.items()))
        if "mark" in facts:
            self._mark(partition, offset, headers, value)
        elif digest is not None and _is_number(facts.get("release")) and _is_number(facts.get("version")):
            self._release(partition, offset, int(facts["release"]), int(facts["version"]), digest)

    def _release(self, partition: int, offset: int, release_id: int, version: int, digest: bytes) -> None:
        known = self.releases.get(release_id)
        if known is None or version > known.version:
            self.releases[release_id] = Expected(version, digest, offset, partition)
        else:
            known.seen_offset = offset

    def _mark(self, partition: int, offset: int, headers: Any, value: bytes | None) -> None:
        try:
            mark = read_catalogue_record(headers, value)
        except Unreadable:
            return
        if not isinstance(mark, MarkRecord) or mark.load_no is None:
            return
        if mark.kind == "begin":
            self.begins.setdefault((partition, mark.load_no), offset)
        elif mark.kind == "end":
            begin = self.begins.get((partition, mark.load_no))
            if begin is None:
                return
            gone = [
                release_id
                for release_id, each in self.releases.items()
                if each.partition == partition and each.seen_offset < begin
            ]
            for release_id in gone:
                del self.releases[release_id]


def read_log(
    kafka: CatalogueKafka,
    starts: Mapping[int, int],
    ends: Mapping[int, int],
    tell: Callable[[int], object],
) -> LogState:
    """Reads each partition from its start up to its end (not included). Raises LogAway."""
    state = LogState()
    open_ends = {number: end for number, end in ends.items() if starts[number] < end}
    own = {"group.id": kafka.group, "enable.auto.commit": False, "auto.offset.reset": "error", "log_level": 0}
    consumer = Consumer(kafka.client() | own)
    try:
        consumer.assign([TopicPartition(kafka.topic, number, starts[number]) for number in open_ends])
        heard_at = time.monotonic()
        while open_ends:
            messages = consumer.consume(READ_RECORDS, 0.5)
            for message in messages:
                error = message.error()
                if error is not None:
                    if error.code() == KafkaError._AUTO_OFFSET_RESET:
                        raise LogAway(f"the topic was cut meanwhile: {error.str()}")
                    continue
                _take(state, message, open_ends, ends)
            if messages:
                heard_at = time.monotonic()
                tell(len(messages))
            elif time.monotonic() - heard_at > SILENCE_SECONDS:
                raise LogAway("the brokers don't answer")
    except KafkaException as error:
        raise LogAway(str(error.args[0])) from None
    finally:
        consumer.close()
    return state


def _take(state: LogState, message: Any, open_ends: dict[int, int], ends: Mapping[int, int]) -> None:
    partition, offset = message.partition(), message.offset()
    if offset < ends[partition]:
        state.take(partition, offset, message.headers(), message.value())
    if offset + 1 >= ends[partition]:
        open_ends.pop(partition, None)


def _is_number(data: bytes | None) -> bool:
    return data is not None and data.isdigit() and len(data) < 20
