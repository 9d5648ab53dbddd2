"""Cuts lines into batches by count and bytes, and makes of each the body of one request."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from playlog_client.lines import MAX_BODY_BYTES, Line
from playlog_client.streams import PREVIEW, Query, Stream, query_of_text

CLOSING = b"]}"
#: Most of the gain for little work; the same level and no time stamp give the same bytes at each try.
GZIP_LEVEL = 5


@dataclass(frozen=True)
class Batch:
    """The logs of one request, under the key that makes a repeat of it safe.

    `may_be_kept`: an earlier run may have posted it, and may have been killed before the reply; then `since` is before
    the first such post, in UTC and aware, or None where nobody wrote it down.
    """

    number: int
    key: str
    file: str
    lines: tuple[Line, ...]
    may_be_kept: bool = False
    stream: Stream = PREVIEW
    query: Query = (("country", "GB"),)
    since: datetime | None = None

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
    path: str = PREVIEW.path
    query: Query = (("country", "GB"),)


def opening(stream: Stream) -> bytes:
    """The begin of a body."""
    return b'{"%s":[' % stream.envelope.encode()


def body_of(lines: Sequence[Line], stream: Stream = PREVIEW) -> bytes:
    """The JSON body that carries these lines as they stand in the file."""
    return opening(stream) + b",".join(line.text for line in lines) + CLOSING


def request_of(batch: Batch, *, compress: bool) -> Request:
    """The request of a batch."""
    body = body_of(batch.lines, batch.stream)
    where = (batch.stream.path, batch.query)
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": batch.key}
    if not compress:
        return Request(body, headers, *where)
    return Request(gzip.compress(body, GZIP_LEVEL, mtime=0), headers | {"Content-Encoding": "gzip"}, *where)


@dataclass(frozen=True)
class Target:
    """Which stream the logs go to, and the country of a request whose logs name none."""

    stream: Stream = PREVIEW
    country: str = "GB"

    def query(self, text: bytes) -> Query:
        """The address's parameters for a log."""
        return query_of_text(self.stream, text, self.country)


#: The previews of a country, as they always went.
PREVIEWS = Target()


def cut(
    lines: Iterator[Line], most_logs: int, target: Target = PREVIEWS, most_bytes: int = MAX_BODY_BYTES
) -> Iterator[list[Line]]:
    """Groups of lines that fit into one request each. Lines with a problem go along, to be counted and reported."""
    group: list[Line] = []
    empty = len(opening(target.stream)) + len(CLOSING)
    size = empty
    of_group: Query | None = None
    for line in lines:
        query = None if line.problem else target.query(line.text)
        is_other = query is not None and of_group is not None and query != of_group
        if group and (is_other or len(group) >= most_logs or size + len(line.text) + 1 > most_bytes):
            yield group
            group, size, of_group = [], empty, None
        of_group = query if query is not None else of_group
        group.append(line)
        size += len(line.text) + 1
    if group:
        yield group
