"""Writes rows as SQL text: each value once, as a literal of its column's type."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

Escape = Callable[[bytes], bytes]


class RowEncoder:
    """Writes rows for one connection: `escape` is its escape_string, which knows its SQL mode and charset."""

    def __init__(self, escape: Escape) -> None:
        self._escape = escape

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
            case datetime(tzinfo=None):
                return b"'%s'" % value.isoformat(" ", "microseconds").encode()
            case datetime():
                return b"'%s'" % value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").encode()
            case date():
                return b"'%s'" % value.isoformat().encode()
            case Decimal():
                return format(value, "f").encode()
            case str():
                return b"'%s'" % self._escape(value.encode())
        raise TypeError(f"no literal for {type(value).__name__}")

    def row(self, values: Iterable[object]) -> bytes:
        """A row of literals."""
        return b"(%s)" % b",".join(map(self.literal, values))


def statements(
    head: bytes, encoded: Sequence[bytes], most_bytes: int, tail: bytes = b""
) -> Iterator[tuple[bytes, int]]:
    """Multi-row statements of at most `most_bytes` (but at least a row), each with its number of rows."""
    least = len(head) + len(tail)
    start, size = 0, least
    for end, row in enumerate(encoded):
        if end > start and size + len(row) + 1 > most_bytes:
            yield head + b",".join(encoded[start:end]) + tail, end - start
            start, size = end, least
        size += len(row) + 1
    if start < len(encoded):
        yield head + b",".join(encoded[start:]) + tail, len(encoded) - start
