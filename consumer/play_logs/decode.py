"""Reads booked records as requests; what can't be read keeps its place and its reason."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeGuard

from common.records import MAX_LOG_ID, RequestRecord, Unreadable, canonical_json, read_record
from consumer.booking import Booked

PLAYED_AT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z"
_PLAYED_AT = re.compile(PLAYED_AT, re.ASCII)
_LOG_ID = re.compile(rf"[!-~]{{1,{MAX_LOG_ID}}}", re.ASCII)


@dataclass(frozen=True)
class LogId:
    """A log's own id, with all that decides whether it was seen before. `content` is SHA-256 of the canonical log."""

    played_day: str
    client: str
    stream: str
    log_id: bytes
    content: bytes

    @property
    def name(self) -> tuple[str, str, str, bytes]:
        """The id without its content."""
        return self.played_day, self.client, self.stream, self.log_id


@dataclass
class Entry:
    """One record on its way into the ledger: what it holds, and what became of it."""

    booked: Booked
    request: RequestRecord | None
    unreadable: str | None = None
    outcome: str = "stored"
    duplicate_of: bytes | None = None
    duplicate_items: set[int] = field(default_factory=set)
    conflicts: set[int] = field(default_factory=set)
    dead_items: dict[int, str] = field(default_factory=dict)

    @property
    def is_repeat(self) -> bool:
        """Whether nothing of it is to be stored, since all of it is stored already."""
        return self.outcome in {"duplicate_record", "duplicate_key"}

    @property
    def n_items(self) -> int:
        return 0 if self.request is None else len(self.request.items)

    @property
    def n_duplicate(self) -> int:
        return self.n_items if self.is_repeat else len(self.duplicate_items)

    @property
    def n_dead(self) -> int:
        return len(self.dead_items)

    @property
    def n_stored(self) -> int:
        return self.n_items - self.n_duplicate - self.n_dead


def entries_of(records: Sequence[Booked]) -> list[Entry]:
    """An entry for each record, in the same order."""
    entries: list[Entry] = []
    for booked in records:
        try:
            entries.append(Entry(booked, read_record(booked.headers, booked.value)))
        except Unreadable as reason:
            entries.append(Entry(booked, None, unreadable=str(reason), outcome="unreadable"))
    return entries


def played_day_of(item: dict[str, Any]) -> str | None:
    """The day in the log's played time; None when that isn't in canonical form."""
    played = item.get("dateTimePlayed")
    return played[:10] if is_instant(played) else None


def is_instant(value: object) -> TypeGuard[str]:
    """Whether a value is an instant in canonical form, on a day that exists."""
    return isinstance(value, str) and _PLAYED_AT.fullmatch(value) is not None and is_day(value[:10])


@lru_cache(maxsize=256)
def is_day(text: str) -> bool:
    """Whether there is such a day, given as 2026-08-08."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def log_id_of(request: RequestRecord, item: dict[str, Any]) -> LogId | None:
    """The log's id; None when it has none, or none that can be compared."""
    value, day = item.get("id"), played_day_of(item)
    if day is None or not isinstance(value, str) or not _LOG_ID.fullmatch(value):
        return None
    content = hashlib.sha256(canonical_json(item)).digest()
    return LogId(day, request.client, request.stream, value.encode("ascii"), content)
