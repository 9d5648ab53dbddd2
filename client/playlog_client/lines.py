"""Reads JSON lines, plain or gzip, one at a time, and finds those that can't be a log; the first step of a send."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader

#: A body is at most 1 MiB when inflated; what is over here is for the envelope and for a server that is a bit stricter.
MAX_BODY_BYTES = 1_000_000
MAX_LINE_BYTES = MAX_BODY_BYTES - 100
#: A log is flat. The server takes 16 arrays and objects in one another, the envelope's two among them, and names no
#: log when there are more.
MAX_DEPTH = 14
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class CannotRead(Exception):
    """The input broke off or is damaged. The message names the file and the line."""


@dataclass(frozen=True)
class Line:
    """One line that isn't blank. `problem` says why it can't be sent; the text is then left out."""

    number: int
    text: bytes
    problem: str | None = None


def read_lines(raw: BufferedReader, name: str) -> Iterator[Line]:
    """The lines of an open file or pipe, numbered from 1. Holds one of them at a time. Raises CannotRead."""
    number = 0
    try:
        stream = unpacked(raw)
        while piece := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(piece) > MAX_LINE_BYTES and not piece.endswith(b"\n"):
                _skip_line(stream)
                yield Line(number, b"", f"is longer than {MAX_LINE_BYTES} bytes, which no request can hold")
                continue
            text = (piece.removeprefix(BYTE_ORDER_MARK) if number == 1 else piece).strip()
            if text:
                problem = problem_of(text)
                yield Line(number, b"" if problem else text, problem)
    except (OSError, EOFError, zlib.error) as error:
        raise CannotRead(f"{name} can't be read after line {number}: {error}") from error


def unpacked(raw: BufferedReader) -> BufferedIOBase:
    """The stream itself, or what gzip packed into it."""
    return gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == GZIP_MAGIC else raw


def problem_of(text: bytes) -> str | None:
    """Why a line would spoil the whole request that carries it; None when it is a JSON object.

    Whether that object is a valid log is the server's business: it names each log, but not in a body it can't read.
    """
    try:
        item = json.loads(text.decode(), parse_constant=_refuse, parse_float=_finite)
        # An escape can smuggle in half a surrogate pair, which UTF-8 can't write.
        if b"\\u" in text:
            json.dumps(item, ensure_ascii=False).encode()
    except RecursionError:
        return "is nested too deeply"
    except UnicodeError:
        return "is not text in UTF-8"
    except ValueError:
        return "is not JSON"
    if not isinstance(item, dict):
        return "is not a JSON object"
    return "is nested too deeply" if _is_deeper(item, MAX_DEPTH) else None


def _is_deeper(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for each in level if isinstance(each, dict | list) for child in _children(each)]
    return any(isinstance(each, dict | list) for each in level)


def _children(value: dict[str, object] | list[object]) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value


def _skip_line(stream: BufferedIOBase) -> None:
    while (piece := stream.readline(MAX_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _refuse(_: str) -> None:
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number
