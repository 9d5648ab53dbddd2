"""What a log's values must be for their columns; whatever else was in the topic is named, and becomes a dead letter."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from consumer.play_logs.decode import is_instant

_WORD = re.compile(r"[A-Za-z0-9-]{0,64}", re.ASCII)
MAX_INT = 2**63 - 1


class BadItem(Exception):
    """A log isn't what its schema says; the message names the field and the rule, never the value."""


def number_of(value: object) -> int:
    """An integer. Raises ValueError for anything else."""
    if type(value) is not int or not -MAX_INT <= value <= MAX_INT:
        raise ValueError("is not an integer")
    return value


def word_of(value: object) -> str:
    """A word. Raises ValueError for anything else."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise ValueError("is not a word of ASCII letters, digits and hyphens")
    return value


def text_of(value: object) -> str:
    """A text. Raises ValueError for anything else; UnicodeEncodeError, which is one, comes when it is encoded."""
    if not isinstance(value, str):
        raise ValueError("is not text")
    return value


def _instant(value: object) -> None:
    if not is_instant(value):
        raise ValueError("is not a UTC time with 6 fraction digits")


def _encoded(value: object) -> None:
    try:
        text_of(value).encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a surrogate pair") from None


_RULES: Mapping[str, Callable[[object], object]] = {
    "dateTimePlayed": _instant,
    "trackId": number_of,
    "totalTimePlayed": number_of,
    "country": word_of,
    "userAgent": _encoded,
    "userId": _encoded,
    "releaseId": number_of,
    "formatId": number_of,
    "playMode": word_of,
    "playType": word_of,
    "endReason": word_of,
    "id": _encoded,
}
#: What every log has. Whether a null is allowed, the column decides; but for these two, which are written as text.
MUST = frozenset({"dateTimePlayed", "trackId", "totalTimePlayed", "country", "userAgent"})
NEVER_NULL = frozenset({"dateTimePlayed", "userAgent"})


def check(item: Mapping[str, Any]) -> None:
    """Raises BadItem for the first field that isn't what it should be."""
    for name, rule in _RULES.items():
        value = item.get(name)
        if value is None and name not in item and name in MUST:
            raise BadItem(f"{name} is missing")
        if value is not None or name in NEVER_NULL:
            try:
                rule(value)
            except ValueError as error:
                raise BadItem(f"{name} {error}") from None
