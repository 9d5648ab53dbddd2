"""Cuts lines into batches by count and bytes, and makes of each the body of one request."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands.sending.lines import MAX_BODY_BYTES, Line

OPENING, CLOSING = b'{"logs":[', b"]}"
#: Most of the gain for little work; the same level and no time stamp give the same bytes at each try.
GZIP_LEVEL = 5


@dataclass(frozen=True)
class Batch:
    """The logs of one request, under the key that makes a repeat of it safe.

    `may_be_kept`: an earlier run may have posted it, and may have been killed before the reply.
    """

    number: int
    key: str
    file: str
    lines: tuple[Line, ...]
    may_be_kept: bool = False

    @property
    def place(self) -> str:
        """Where its logs are, for people."""
        first, last = self.lines[0].number, self.lines[-1].number
        return f"{self.file} line {first}" if first == last else f"{self.file} lines {first}-{last}"


@dataclass(frozen=True)
class Request:
    """What is posted, the same bytes at each try."""

    body: bytes
    headers: dict[str, str]


def body_of(lines: Sequence[Line]) -> bytes:
    """The JSON body that carries these lines as they stand in the file."""
    return OPENING + b",".join(line.text for line in lines) + CLOSING


def request_of(batch: Batch, *, compress: bool) -> Request:
    """The request of a batch."""
    body = body_of(batch.lines)
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": batch.key}
    if not compress:
        return Request(body, headers)
    return Request(gzip.compress(body, GZIP_LEVEL, mtime=0), headers | {"Content-Encoding": "gzip"})


def cut(lines: Iterator[Line], most_logs: int, most_bytes: int = MAX_BODY_BYTES) -> Iterator[list[Line]]:
    """Groups of lines that fit into one request each. Lines with a problem go along, to be counted and reported."""
    group: list[Line] = []
    empty = len(OPENING) + len(CLOSING)
    size = empty
    for line in lines:
        if group and (len(group) >= most_logs or size + len(line.text) + 1 > most_bytes):
            yield group
            group, size = [], empty
        group.append(line)
        size += len(line.text) + 1
    if group:
        yield group
