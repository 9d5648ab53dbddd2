"""The usage files: a row a log, one file a client, in an order that never changes."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
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
#: With "\n" alone, older Pythons leave a bare carriage return within a cell unquoted.
LINE_END = "\r\n"
#: User ids are bytes that were UTF-8 when they came; whatever isn't passes through unchanged.
ERRORS = "surrogateescape"
BUFFER_BYTES = 1 << 18


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


class UsageFiles:
    """Writes rows of play_log to the file of their client. Close it by leaving its `with`."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, int] = {}
        self._folder = folder
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}
        self._request: bytes | None = None
        self._request_text = ""

    def __enter__(self) -> "UsageFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add_client(self, client: str) -> None:
        """Gives the client a file, if only with a header."""
        path = self._folder / file_name(client)
        opened = path.open("w", encoding="utf-8", errors=ERRORS, newline="", buffering=BUFFER_BYTES)
        self._writers[client] = csv.writer(self._stack.enter_context(opened), lineterminator=LINE_END)
        self._writers[client].writerow(COLUMNS)
        self.rows[client] = 0

    def write(self, row: tuple[Any, ...]) -> None:
        """Writes one row, as the query of play_log gives it."""
        client, stream, _, is_conflict, request_id, item, *middle, user_id, user_agent, log_id = row
        if request_id != self._request:
            # Rows of one request follow each other.
            self._request, self._request_text = request_id, uuid_text(request_id)
        texts = guard(_text(user_id)), guard(user_agent), guard(_text(log_id))
        if client not in self._writers:
            self.add_client(client)
        self._writers[client].writerow((client, stream, self._request_text, item, *middle, *texts, is_conflict))
        self.rows[client] += 1


def uuid_text(request_id: bytes) -> str:
    """The request id as the API's reply had it."""
    text = request_id.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def read_usage(path: Path) -> Iterator[dict[str, str]]:
    """The rows of an uncompressed usage file, every text as it was sent."""
    with path.open(encoding="utf-8", errors=ERRORS, newline="") as opened:
        for row in csv.DictReader(opened):
            yield row | {name: unguard(row[name]) for name in ("user_id", "user_agent", "log_id")}


def _text(value: bytes | None) -> str:
    return "" if value is None else value.decode("utf-8", ERRORS)
