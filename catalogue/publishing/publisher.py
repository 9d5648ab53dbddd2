"""One turn of the producer: what is due is read, sent, and settled when the brokers have acknowledged it."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from catalogue.publishing.books import Books, Sent
from catalogue.publishing.due import Due, OpenLoad, as_of_now, read_due
from catalogue.publishing.left_over import LeftOver
from catalogue.publishing.topic_writer import Outgoing, TopicWriter
from catalogue.source.versions import raise_versions
from common.catalogue import (
    MARK_KEY,
    MAX_RECORD_BYTES,
    MarkRecord,
    mark_record,
    partition_of,
    release_headers,
    release_value,
)
from common.database import rows
from common.metrics import Metrics

logger = logging.getLogger(__name__)

#: The record's frame and headers.
OVERHEAD_BYTES = 1_000


class Publisher:
    """The producer's work on one connection and one topic. Killed at any line, it sends something again, and no more.

    Before the brokers' acknowledgement nothing is settled; after it and before COMMIT the same versions are sent
    again, which changes nothing for who reads them.
    """

    def __init__(self, books: Books, writer: TopicWriter, metrics: Metrics) -> None:
        self._books, self._writer, self._metrics = books, writer, metrics
        self._left_over: LeftOver | None = None
        self.as_of: datetime | None = None

    def turn(self, connection: Connection) -> bool:
        """Publishes what is due; False when nothing was. Raises NotSent, Replaced, or MySQLdb.Error."""
        connection.rollback()
        ((has_changes, has_load),) = rows(connection, sql.IS_ANYTHING_DUE)
        if not has_changes and not has_load:
            # Asked again in the snapshot's own way: what is put off bounds the moment.
            self.as_of = as_of_now(connection)
            return False
        is_clear = self._may_mark(connection)
        due = read_due(connection)
        if due.load and due.load.state == "asked" and is_clear:
            self._begin(connection, due.load)
            return True
        self._send(connection, due)
        if due.load and due.load.state == "running" and not due.load_ids and self._may_mark(connection):
            self._end(connection, due.load)
        self.as_of = min(due.as_of, due.oldest_left or due.as_of)
        return True

    def checkpoint(self, connection: Connection) -> bool:
        """Puts a checkpoint into each partition; False when it would be wrong as yet. Raises as turn() does."""
        if not self._may_mark(connection):
            return False
        self._mark(connection, "checkpoint")
        return True

    def _may_mark(self, connection: Connection) -> bool:
        """A mark speaks of all that lies before it; also of what the producer before sent and couldn't note."""
        connection.rollback()
        if self._left_over is None:
            self._left_over = LeftOver(connection)
        return self._left_over.is_over(connection)

    def _mark(self, connection: Connection, kind: str, load_no: int | None = None) -> None:
        """Nothing is under way then."""
        connection.rollback()
        as_of = self.as_of or as_of_now(connection)
        number = self._books.new_mark(connection, kind, load_no, as_of)
        sums = self._books.sums(connection)
        connection.rollback()
        records = []
        for partition in range(self._books.partitions):
            about, epoch = sums[partition], self._books.epoch
            mark = MarkRecord(kind, number, load_no, as_of, about.releases, about.digest_sum, epoch, b"")
            value, headers = mark_record(mark)
            records.append(Outgoing(partition, MARK_KEY, value, headers))
        offsets = self._writer.send(records)
        self._books.keep_places(connection, number, offsets, sums)

    def _send(self, connection: Connection, due: Due) -> None:
        records: list[Outgoing] = []
        releases: list[Sent] = []
        failures: dict[int, str] = {}
        unversioned: list[int] = []
        for release_id, document in sorted(due.documents.items()):
            value, digest = release_value(document)
            known = due.known.get(release_id)
            if known and known[0] == document["version"] and known[1] != digest:
                unversioned.append(release_id)
                continue
            if len(value) + OVERHEAD_BYTES > MAX_RECORD_BYTES:
                failures[release_id] = f"it takes {len(value)} bytes, more than the topic's {MAX_RECORD_BYTES}"
                continue
            partition = partition_of(release_id, self._books.partitions)
            tracks = len(document.get("tracks", ()))
            headers = release_headers(release_id, document["version"], digest, tracks, self._books.epoch)
            records.append(Outgoing(partition, str(release_id).encode(), value, headers))
            gone = document.get("takedown", False)
            releases.append(Sent(release_id, document["version"], digest, gone, partition, -1))
        offsets = self._writer.send(records) if records else []
        sent = [Sent(*_but_offset(each), offset) for each, offset in zip(releases, offsets, strict=True)]
        later = {*failures, *unversioned}
        done = [change for change, release_id in due.changes.items() if release_id not in later]
        load = None
        if due.load and due.load_ids:
            load = (due.load.number, due.load_ids[-1] + 1, len(due.load_ids))
        self._books.settle(connection, sent, done, load)
        if self._left_over and due.load:
            self._left_over.count(due.load.number, len(due.load_ids), is_last=not due.load_ids)
        # What has no change in the outbox gets one; nothing that isn't published leaves it.
        raise_versions(connection, [*unversioned, *(each for each in failures if each not in due.changes.values())])
        connection.commit()
        self._complain(connection, failures, unversioned)
        self._metrics.count("catalogue.published", len(sent), ("why:load" if load else "why:change",))

    def _complain(self, connection: Connection, failures: Mapping[int, str], unversioned: Iterable[int]) -> None:
        for release_id, reason in failures.items():
            facts = {"release_id": release_id, "reason": reason}
            logger.error("ALERT: release %(release_id)d can't be published: %(reason)s", facts, extra=facts)
        if failures:
            self._metrics.count("catalogue.not_publishable", len(failures))
            self._books.put_off(connection, failures)
        for release_id in unversioned:
            facts = {"release_id": release_id}
            logger.warning("release %(release_id)d was changed without a new version: it gets one", facts, extra=facts)

    def _begin(self, connection: Connection, load: OpenLoad) -> None:
        self._mark(connection, "begin", load.number)
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute(sql.BEGIN_LOAD, (load.number,))
        connection.commit()

    def _end(self, connection: Connection, load: OpenLoad) -> None:
        ((is_incomplete,),) = rows(connection, sql.IS_ANYTHING_PUT_OFF)
        forgotten = 0
        if is_incomplete:
            # Behind an end mark what the load didn't name is taken for gone.
            facts = {"number": load.number}
            logger.error("ALERT: whole load %(number)d lacks what can't be sent: no ghost goes", facts, extra=facts)
        else:
            forgotten = self._books.forget_the_forgotten(connection)
            self._mark(connection, "end", load.number)
        with connection.cursor() as cursor:
            cursor.execute(sql.END_LOAD, (load.number,))
        connection.commit()
        about = {"number": load.number, "forgotten": forgotten}
        logger.info("whole load %(number)d is published; %(forgotten)d releases are gone", about, extra=about)


def _but_offset(sent: Sent) -> tuple[int, int, bytes, bool, int]:
    return sent.release_id, sent.version, sent.digest, sent.is_takedown, sent.partition
