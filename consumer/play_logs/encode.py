"""Writes rows as SQL text: each value once, as a literal of its column's type."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from consumer.play_logs.decode import Entry, played_day_of

Escape = Callable[[bytes], bytes]
_WORD = re.compile(r"[A-Za-z0-9-]{0,64}", re.ASCII)
MAX_INT = 2**63 - 1


class BadItem(Exception):
    """A log isn't what its schema says; the message names the field and the rule, never the value."""


class RowEncoder:
    """Writes rows for one connection: `escape` is its escape_string, which knows its SQL mode and charset."""

    def __init__(self, escape: Escape) -> None:
        self._escape = escape

    def play_log(self, entry: Entry, number: int) -> bytes:
        """The row of one log. Raises BadItem."""
        assert entry.request is not None
        item = entry.request.items[number]
        day = played_day_of(item)
        if day is None:
            raise BadItem("dateTimePlayed is not a UTC time with 6 fraction digits")
        return b"".join(
            (
                self._prefix(entry),
                b",%d," % number,
                self._origin(entry),
                b"'%s'," % item["dateTimePlayed"].replace("T", " ").removesuffix("Z").encode(),
                self._opaque(item, "userId"),
                b",",
                self._word(item, "country"),
                b",%s,%s,%s,%s," % tuple(_number(item, name) for name in _NUMBERS),
                b",".join(self._word(item, name) for name in _WORDS),
                b",",
                self._text(item, "userAgent"),
                b",",
                self._opaque(item, "id"),
                b",1)" if number in entry.conflicts else b",0)",
            )
        )

    def literal(self, value: object) -> bytes:
        """Any value as a literal of its own type."""
        match value:
            case None:
                return b"NULL"
            case bool():
                return b"1" if value else b"0"
            case int():
                return b"%d" % value
            case bytes():
                return b"x'%s'" % value.hex().encode()
            case datetime():
                return b"'%s'" % value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").encode()
            case date():
                return b"'%s'" % value.isoformat().encode()
            case str():
                return b"'%s'" % self._escape(value.encode())
        raise TypeError(f"no literal for {type(value).__name__}")

    def row(self, values: Iterable[object]) -> bytes:
        """A row of literals."""
        return b"(%s)" % b",".join(map(self.literal, values))

    def _prefix(self, entry: Entry) -> bytes:
        assert entry.request is not None
        return b"('%s',x'%s'" % (
            entry.booked.received_day.isoformat().encode(),
            entry.request.request_id.hex.encode(),
        )

    def _origin(self, entry: Entry) -> bytes:
        assert entry.request is not None
        request = entry.request
        values = (request.client, request.stream, request.is_test, entry.booked.booked_at)
        return b",".join(map(self.literal, values)) + b","

    def _opaque(self, item: dict[str, Any], name: str) -> bytes:
        value = item.get(name)
        return b"NULL" if value is None else b"x'%s'" % _encoded(value, name).hex().encode()

    def _text(self, item: dict[str, Any], name: str) -> bytes:
        return b"'%s'" % self._escape(_encoded(item.get(name), name))

    def _word(self, item: dict[str, Any], name: str) -> bytes:
        value = item.get(name)
        if value is None:
            return b"NULL"
        if not isinstance(value, str) or not _WORD.fullmatch(value):
            raise BadItem(f"{name} is not a word of ASCII letters, digits and hyphens")
        return b"'%s'" % value.encode()


_NUMBERS = ("trackId", "releaseId", "formatId", "totalTimePlayed")
_WORDS = ("playMode", "playType", "endReason")


def _encoded(value: object, name: str) -> bytes:
    if not isinstance(value, str):
        raise BadItem(f"{name} is not text")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise BadItem(f"{name} holds half a surrogate pair") from None


def _number(item: dict[str, Any], name: str) -> bytes:
    value = item.get(name)
    if value is None:
        return b"NULL"
    if type(value) is not int or not -MAX_INT <= value <= MAX_INT:
        raise BadItem(f"{name} is not an integer")
    return b"%d" % value


def statements(head: bytes, encoded: Sequence[bytes], most_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Multi-row statements of at most `most_bytes` (but at least a row), each with its number of rows."""
    start, size = 0, len(head)
    for end, row in enumerate(encoded):
        if end > start and size + len(row) + 1 > most_bytes:
            yield head + b",".join(encoded[start:end]), end - start
            start, size = end, len(head)
        size += len(row) + 1
    if start < len(encoded):
        yield head + b",".join(encoded[start:]), len(encoded) - start
