"""The usage files: a row a log, one file a client, in an order that never changes."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

COLUMNS = (
    "client",
    "stream",
    "request_id",
    "item",
    "received_at",
    "played_at",
    "country",
    "track_id",
    "release_id",
    "format_id",
    "play_mode",
    "play_type",
    "end_reason",
    "total_time_played",
    "user_id",
    "user_agent",
    "log_id",
    "is_id_conflict",
)
# A spreadsheet would run a cell that begins with one of the first six.
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")
_GUARDED_BYTES = tuple(each.encode() for each in _GUARDED)
_QUOTED = re.compile(rb'[",\r\n]')
#: Most ids of listeners: neither guarded nor quoted.
_PLAIN = re.compile(rb"[A-Za-z0-9_.:/][A-Za-z0-9_.:/@=+-]*")
#: Texts that are kept as they stand in the files.
MOST_CELLS = 10_000
#: With "\n" alone, older Pythons leave a bare carriage return within a cell unquoted.
LINE_END = "\r\n"
#: User ids are bytes that were UTF-8 when they came; whatever isn't passes through unchanged.
ERRORS = "surrogateescape"
BUFFER_BYTES = 1 << 18

#: Client, stream, is_test, is_id_conflict, request id, item, moment of receipt, the cells from played_at to
#: total_time_played with commas between them, user id, user agent, own id. The database puts the middle together.
PlayRow = tuple[str, str, int, int, bytes, int, bytes, bytes, bytes | None, bytes, bytes | None]


def guard(cell: str) -> str:
    """The text as it stands in the file: a leading = + - @ TAB CR or ' gets a ' before it.

    Undone by removing one leading ' from every text cell that has one. Only free text is guarded: user_id,
    user_agent and log_id. Numbers never are, or a correction of -3 would become text.
    """
    return "'" + cell if cell.startswith(_GUARDED) else cell


def unguard(cell: str) -> str:
    """The text as it was sent."""
    return cell.removeprefix("'")


def file_name(client: str) -> str:
    """The client's usage file, before compression; a name can't lead out of the folder."""
    return f"usage.{quote(client, safe='')}.csv"


class _Cells(dict[bytes, bytes]):
    """Free texts as they stand in a file; most user agents come again and again."""

    def __missing__(self, value: bytes) -> bytes:
        if len(self) >= MOST_CELLS:
            self.clear()
        self[value] = made = cell(value)
        return made


class UsageFiles:
    """Writes rows of play_log to the file of their client. Close it by leaving its `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        self._agents = _Cells()
        self._request, self._moment, self._client = b"", b"", ""
        self._start = self._received = b""
        self._write: Callable[[bytes], object] = bytes

    def __enter__(self) -> "UsageFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add_client(self, client: str) -> None:
        """Gives the client a file, if only with a header."""
        opened = (self._folder / file_name(client)).open("wb", buffering=BUFFER_BYTES)
        self._files[client] = self._stack.enter_context(opened)
        opened.write((",".join(COLUMNS) + LINE_END).encode())

    def write(self, row: PlayRow) -> None:
        """Writes one row, as the query of play_log gives it."""
        client, stream, _, is_conflict, request_id, item, received, middle, user_id, user_agent, log_id = row
        # Rows of one request follow each other, and share its moment, unless they were replayed.
        if request_id != self._request or received != self._moment or client != self._client:
            self._begin(client, stream, request_id, received)
        if user_id is None or not _PLAIN.fullmatch(user_id):
            user_id = cell(user_id or b"")
        own_id = b"" if log_id is None else cell(log_id)
        texts = user_id, self._agents[user_agent], own_id
        # The first blank is the one in front of a time.
        middle = middle.replace(b" ", b"T", 1)
        self._write(b"%s%d,%s,%s,%s,%s,%s,%d\r\n" % (self._start, item, self._received, middle, *texts, is_conflict))

    def _begin(self, client: str, stream: str, request_id: bytes, received: bytes) -> None:
        if client not in self._files:
            self.add_client(client)
        self._request, self._moment, self._client = request_id, received, client
        self._write = self._files[client].write
        self._received = received.replace(b" ", b"T", 1) + b"Z"
        names = _quoted(client.encode()), _quoted(stream.encode())
        self._start = b"%s,%s,%s," % (*names, uuid_text(request_id).encode())


def cell(value: bytes) -> bytes:
    """A free text as it stands in the file: guarded, and in quotes where it needs them, as Python's csv writes it."""
    return _quoted(b"'" + value if value.startswith(_GUARDED_BYTES) else value)


def _quoted(value: bytes) -> bytes:
    return b'"' + value.replace(b'"', b'""') + b'"' if _QUOTED.search(value) else value


def uuid_text(request_id: bytes) -> str:
    """The request id as the API's reply had it."""
    text = request_id.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def read_usage(path: Path) -> Iterator[dict[str, str]]:
    """The rows of an uncompressed usage file, every text as it was sent."""
    with path.open(encoding="utf-8", errors=ERRORS, newline="") as opened:
        for row in csv.DictReader(opened):
            yield row | {name: unguard(row[name]) for name in ("user_id", "user_agent", "log_id")}
