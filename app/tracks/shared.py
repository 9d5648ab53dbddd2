"""Answers that the worker processes of an instance share: memory that they inherit from their parent."""

import mmap
import struct
from collections.abc import Hashable
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import orjson

from app.tracks.answer import Answer

#: Of answers; then the oldest is overwritten. Memory that was never written takes no room.
MOST_BYTES = 64 * 2**20
#: A place for every so many bytes: answers of one track take about 2,000, and two that share a place aren't both found.
BYTES_A_PLACE = 512
#: An answer beyond this share of the ring isn't shared.
LARGEST_SHARE = 16
CHECKSUM_BYTES = 16

_NEXT = struct.Struct("<Q")
_PLACE = struct.Struct("<II")
_FACTS_LENGTH = struct.Struct("<H")


class Found(NamedTuple):
    """An answer, and when its releases were read: seconds on the monotonic clock, which all processes share."""

    answer: Answer
    read_at: float


class SharedAnswers:
    """A ring of answers, and a table of places that says where they lie; for threads and processes, without a lock.

    Two that write at once, or one that is killed while it writes, leave a mixture behind. So each entry begins with a
    checksum of its key and itself: what isn't whole, or is there for another key, isn't found.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Takes new memory, in which nothing lies."""
        self._places = most_bytes // BYTES_A_PLACE
        self._first = _NEXT.size + self._places * _PLACE.size
        self._end = self._first + most_bytes
        self._largest = most_bytes // LARGEST_SHARE
        #: Anonymous and shared: it belongs to whoever is forked from here, and ends with the last of them.
        self.memory = mmap.mmap(-1, self._end)
        _NEXT.pack_into(self.memory, 0, self._first)

    def put(self, key: Hashable, answer: Answer, read_at: float) -> None:
        """Leaves an answer for the others."""
        status, body, form, etag, changes_at, release_ids, version, refused = answer
        facts = orjson.dumps((status, form, etag, changes_at, release_ids, version, refused, read_at))
        length = CHECKSUM_BYTES + _FACTS_LENGTH.size + len(facts) + len(body)
        if length > self._largest or len(facts) > 0xFFFF:
            return
        name = _name(key)
        content = b"".join((_FACTS_LENGTH.pack(len(facts)), facts, body))
        (start,) = _NEXT.unpack_from(self.memory, 0)
        if not self._first <= start <= self._end - length:
            start = self._first
        _NEXT.pack_into(self.memory, 0, start + length)
        self.memory[start : start + length] = _checksum(name, content) + content
        _PLACE.pack_into(self.memory, self._place(name), start, length)

    def get(self, key: Hashable) -> Found | None:
        """The answer that anybody left last, if it wasn't overwritten."""
        name = _name(key)
        start, length = _PLACE.unpack_from(self.memory, self._place(name))
        if not length:
            return None
        entry = self.memory[start : start + length]
        content = entry[CHECKSUM_BYTES:]
        if _checksum(name, content) != entry[:CHECKSUM_BYTES]:
            return None
        (length,) = _FACTS_LENGTH.unpack_from(content)
        body_at = _FACTS_LENGTH.size + length
        facts = orjson.loads(content[_FACTS_LENGTH.size : body_at])
        status, form, etag, changes_at, release_ids, version, refused, read_at = facts
        moment = None if changes_at is None else datetime.fromisoformat(changes_at)
        answer = Answer(status, content[body_at:], form, etag, moment, tuple(release_ids), version, refused)
        return Found(answer, read_at)

    def _place(self, name: bytes) -> int:
        return _NEXT.size + int.from_bytes(name[:8], "little") % self._places * _PLACE.size


@cache
def inherited() -> SharedAnswers:
    """Made when it is first asked for: by the workers' parent, from whom they have it then."""
    return SharedAnswers()


def _name(key: Hashable) -> bytes:
    """Of keys that are written alike: tuples of texts and numbers."""
    return blake2b(repr(key).encode(), digest_size=CHECKSUM_BYTES).digest()


def _checksum(name: bytes, content: bytes) -> bytes:
    return blake2b(content, digest_size=CHECKSUM_BYTES, key=name).digest()
