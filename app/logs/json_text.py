"""Reads a body as JSON, strictly: UTF-8, no NaN, no number beyond a double, no NUL, no half of a surrogate pair.

A key that is given twice has its last value. The fast parser decides; where it refuses, a slower look finds the log
that is to blame.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import orjson

from app.codes import INVALID
from app.errors import ApiError, Problem
from app.logs.limits import MAX_DEPTH
from app.logs.pointers import Path, index_of, pointer
from app.logs.problems import refusal

BOM = b"\xef\xbb\xbf"
ESCAPED_NUL = b"\\u0000"

_HALF_PAIR = re.compile("[\ud800-\udfff]")
# A text without its end counts as going on to the last byte: each byte is looked at once, whatever is sent.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def parse(body: bytes) -> Any:
    """The document in a body. Raises ApiError, naming the log where the text itself is at fault."""
    if body.startswith(BOM):
        body = body[len(BOM) :]
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _explain(body, error) from None
    # A body of 135 kB without a backslash is looked through in 1.3 us, and for the six characters in 62.
    if b"\\" in body and ESCAPED_NUL in body:
        refuse_faults(document)
    return document


def is_deeper(value: Any, limit: int) -> bool:
    """Says whether arrays and objects lie more than `limit` deep in one another. Never recurses."""
    level = [value]
    for _ in range(limit):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)


def too_deep() -> ApiError:
    return ApiError(400, INVALID, f"The body has more than {MAX_DEPTH} arrays and objects in one another.")


def refuse_faults(document: Any) -> None:
    """Raises ApiError when the document holds texts or numbers that can't be kept without loss."""
    problems = [
        Problem(pointer(path), rule, INVALID, f"{pointer(path)} has {what}", index_of(path))
        for path, rule, what in _faults(document)
    ]
    if problems:
        raise refusal(problems)


class _NotFinite:
    """Stands for NaN, an infinity, or a number too large for a double."""


def _number(text: str) -> int | _NotFinite:
    # float() takes any number of digits; int() has a limit that moves with Python's version.
    return 0 if math.isfinite(float(text)) else _NotFinite()


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _explain(body: bytes, error: orjson.JSONDecodeError) -> ApiError:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ApiError(400, INVALID, "The body is not UTF-8, in which JSON has to be sent.")
    if _depth(text) > MAX_DEPTH:
        return too_deep()
    try:
        document = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    except ValueError:
        document = None
    refuse_faults(document)
    place = f"line {error.lineno}, column {error.colno}"
    return ApiError(400, INVALID, f"The body is not JSON: {error.msg} ({place}).")


def _depth(text: str) -> int:
    depth = 0
    for found in _BRACKETS.finditer(text):
        first = found.group()[0]
        depth += 1 if first in "[{" else -1 if first in "]}" else 0
        if depth > MAX_DEPTH:
            break
    return depth


def _faults(document: Any) -> Iterator[tuple[Path, str, str]]:
    """What can't be kept, in the order of the body. The depth is known to be small."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _NotFinite):
            yield path, "number", "NaN, an infinity or a number that is too large"
        elif isinstance(value, str):
            if "\x00" in value:
                yield path, "nul", "the character U+0000, which can't be kept"
            if _HALF_PAIR.search(value):
                yield path, "surrogate", "half of a surrogate pair, which is not a character"
        elif isinstance(value, dict):
            for key, child in reversed(value.items()):
                waiting += [((*path, key), child), (path, key)]
        elif isinstance(value, list):
            waiting += [((*path, number), child) for number, child in reversed(list(enumerate(value)))]
