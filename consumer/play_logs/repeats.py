"""Finds what was stored before: records by request id, requests by key, logs by their own id."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from MySQLdb.connections import Connection

from common.database import rows
from common.records import RequestRecord
from consumer.play_logs.decode import Entry, LogId, log_id_of
from consumer.play_logs.statements import FIND_KEYS, FIND_LOG_IDS, FIND_REQUESTS

#: Values in one look-up; MariaDB treats lists of 1,000 and more in another, slower way.
VALUES_A_LOOKUP = 900

Key = tuple[str, str, bytes]


@dataclass
class Seen:
    """What is stored already, and what this batch brings anew."""

    requests: set[bytes] = field(default_factory=set)
    #: By key, then by digest: the id of the request that was stored under both.
    keys: dict[Key, dict[bytes, bytes]] = field(default_factory=dict)
    log_ids: dict[tuple[str, str, str, bytes], set[bytes]] = field(default_factory=dict)
    new_keys: list[tuple[Key, Entry]] = field(default_factory=list)
    new_log_ids: list[tuple[LogId, Entry, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many repeats a look-up has found."""
        return len(self.requests) + sum(map(len, self.keys.values())) + sum(map(len, self.log_ids.values()))


def look_up(connection: Connection, entries: Sequence[Entry]) -> Seen:
    """Asks the database for everything in `entries` that is stored already. Raises MySQLdb.Error."""
    seen = Seen()
    readable = [entry.request for entry in entries if entry.request is not None]
    for ids in _chunks({request.request_id.bytes for request in readable}):
        found = rows(connection, FIND_REQUESTS.format(marks=_marks(ids)), tuple(ids))
        seen.requests.update(row[0] for row in found if isinstance(row[0], bytes))
    _look_up_keys(connection, readable, seen)
    _look_up_log_ids(connection, readable, seen)
    return seen


def _look_up_keys(connection: Connection, readable: Sequence[RequestRecord], seen: Seen) -> None:
    wanted: dict[tuple[str, str], set[bytes]] = {}
    for request in readable:
        if request.idempotency_key is not None:
            wanted.setdefault((request.client, request.stream), set()).add(request.idempotency_key)
    for (client, stream), keys in wanted.items():
        for chunk in _chunks(keys):
            for row in rows(connection, FIND_KEYS.format(marks=_marks(chunk)), (client, stream, *chunk)):
                key, digest, request_id = (value for value in row if isinstance(value, bytes))
                seen.keys.setdefault((client, stream, key), {})[digest] = request_id


def _look_up_log_ids(connection: Connection, readable: Sequence[RequestRecord], seen: Seen) -> None:
    wanted: dict[tuple[str, str, str], set[bytes]] = {}
    for request in readable:
        for item in request.items:
            if "id" in item and (log_id := log_id_of(request, item)) is not None:
                wanted.setdefault(log_id.name[:3], set()).add(log_id.log_id)
    for place, log_ids in wanted.items():
        for chunk in _chunks(log_ids):
            for row in rows(connection, FIND_LOG_IDS.format(marks=_marks(chunk)), (*place, *chunk)):
                own_id, content = (value for value in row if isinstance(value, bytes))
                seen.log_ids.setdefault((*place, own_id), set()).add(content)


def mark_repeats(entries: Iterable[Entry], seen: Seen) -> None:
    """Marks every repeat, in offset then item order, so that the first of several equals is the one stored.

    Pure: the same `seen` serves repeats of earlier batches and of this one. What is new is collected in `seen`.
    """
    for entry in entries:
        if entry.request is None:
            continue
        request_id = entry.request.request_id.bytes
        if request_id in seen.requests:
            entry.outcome, entry.duplicate_of = "duplicate_record", request_id
            continue
        seen.requests.add(request_id)
        if not _is_key_repeat(entry, seen):
            _mark_items(entry, seen)


def _is_key_repeat(entry: Entry, seen: Seen) -> bool:
    assert entry.request is not None
    request = entry.request
    if request.idempotency_key is None:
        return False
    key = (request.client, request.stream, request.idempotency_key)
    by_digest = seen.keys.setdefault(key, {})
    first = by_digest.get(request.digest)
    if first is not None:
        entry.outcome, entry.duplicate_of = "duplicate_key", first
        return True
    if by_digest:
        entry.outcome = "key_conflict"
    by_digest[request.digest] = request.request_id.bytes
    seen.new_keys.append((key, entry))
    return False


def _mark_items(entry: Entry, seen: Seen) -> None:
    assert entry.request is not None
    for number, item in enumerate(entry.request.items):
        if "id" not in item or (log_id := log_id_of(entry.request, item)) is None:
            continue
        contents = seen.log_ids.setdefault(log_id.name, set())
        if log_id.content in contents:
            entry.duplicate_items.add(number)
            continue
        if contents:
            entry.conflicts.add(number)
        contents.add(log_id.content)
        seen.new_log_ids.append((log_id, entry, number))


def _chunks(values: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(sorted(values))
    while chunk := list(islice(iterator, VALUES_A_LOOKUP)):
        yield chunk


def _marks(values: Sequence[bytes]) -> str:
    return ", ".join(["%s"] * len(values))
