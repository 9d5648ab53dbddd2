"""Writes the rows of play_log as SQL text, a record at a time.

It is most of the persister's own work. The values of a field are looked at together, over all logs of a record:
5.8 us of the persister's CPU a row, 7.4 us log by log. A record in which something is unusual goes log by log, and
each bad one is named.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from common.sql_rows import Escape, RowEncoder
from consumer.play_logs.bad_item import MAX_INT, BadItem, check, text_of, word_of
from consumer.play_logs.decode import PLAYED_AT, Entry, is_day

Item = Mapping[str, Any]

ALWAYS = (
    "received_day, request_id, item, client, stream, is_test, received_at, played_at, user_id, country, track_id,"
    " total_time_played, user_agent"
)
#: Named only where a log of the record has one: five columns of twenty less are a tenth of the server's work less.
NUMBERS = {"releaseId": "release_id", "formatId": "format_id"}
WORDS = {"playMode": "play_mode", "playType": "play_type", "endReason": "end_reason"}

#: Literals that are kept of one batch's words and user agents.
MOST_LITERALS = 10_000

_INSTANTS = re.compile(f"(?:{PLAYED_AT}\n)+", re.ASCII)
_INSTANT_LENGTH = len("2026-08-08T12:00:00.000000Z\n")
#: Ids that need no escape: written as they are, they are shorter than in hexadecimal.
_PLAIN = re.compile(r"[A-Za-z0-9_.@:/-]*", re.ASCII)


class _Literals(dict[object, str]):
    """The literals of values met before: most user agents, countries and modes come again and again."""

    def __init__(self, make: Callable[[object], str]) -> None:
        self._make = make

    def __missing__(self, value: object) -> str:
        made = self._make(value)
        if len(self) >= MOST_LITERALS:
            self.clear()
        self[value] = made
        return made


class LogRows:
    """Writes rows for one connection: `escape` is its escape_string, which knows its SQL mode and charset."""

    def __init__(self, escape: Escape) -> None:
        self._escape = escape
        self._literal = RowEncoder(escape).literal
        self._words = _Literals(_word)
        self._texts = _Literals(self._text)

    def head(self, entry: Entry) -> bytes:
        """The beginning of a statement with this record's logs: records with the same one can share a statement."""
        columns = (column for _, column in self._optional(entry))
        return f"INSERT INTO play_log ({', '.join([ALWAYS, *columns])}) VALUES ".encode()  # noqa: S608 - our own names

    def rows(self, entry: Entry, numbers: Sequence[int]) -> Iterator[tuple[int, bytes | BadItem]]:
        """Each of these logs of a record: its number with its row, or with what is wrong with it."""
        assert entry.request is not None
        items = [entry.request.items[number] for number in numbers]
        try:
            yield from zip(numbers, self._together(entry, numbers, items), strict=True)
        except (LookupError, TypeError, ValueError):
            for number, item in zip(numbers, items, strict=True):
                yield number, self._alone(entry, number, item)

    def _alone(self, entry: Entry, number: int, item: Item) -> bytes | BadItem:
        try:
            check(item)
            return self._together(entry, [number], [item])[0]
        except BadItem as bad:
            return bad

    def _together(self, entry: Entry, numbers: Sequence[int], items: Sequence[Item]) -> list[bytes]:
        """The rows of logs that are all as they should be; LookupError, TypeError or ValueError where one isn't."""
        start, origin = self._around(entry)
        words, texts = self._words, self._texts
        columns = zip(
            numbers,
            _instants([item["dateTimePlayed"] for item in items]),
            _opaque([item.get("userId") for item in items]),
            [words[item["country"]] for item in items],
            _numbers([item["trackId"] for item in items]),
            _numbers([item["totalTimePlayed"] for item in items]),
            [texts[item["userAgent"]] for item in items],
            self._rest(entry, numbers, items),
            strict=True,
        )
        return [
            f"{start}{number}{origin}'{played[:-1]}',{user},{country},{track},{seconds},{agent}{rest})".encode()
            for number, played, user, country, track, seconds, agent, rest in columns
        ]

    def _optional(self, entry: Entry) -> list[tuple[str, str]]:
        """The names that only some logs have, with their columns, in the order of the row."""
        assert entry.request is not None
        known = set().union(*entry.request.items)
        found = [(name, column) for name, column in (NUMBERS | WORDS | {"id": "log_id"}).items() if name in known]
        return [*found, ("", "is_id_conflict")] if entry.conflicts else found

    def _rest(self, entry: Entry, numbers: Sequence[int], items: Sequence[Item]) -> list[str]:
        """The end of each row: a comma and a value for each of the optional columns."""
        found = [""] * len(items)
        for name, _ in self._optional(entry):
            if name in WORDS:
                words = self._words
                values: Sequence[object] = [words[item.get(name)] for item in items]
            elif name in NUMBERS:
                values = _numbers([item.get(name) for item in items])
            elif name:
                values = _opaque([item.get(name) for item in items])
            else:
                values = [int(number in entry.conflicts) for number in numbers]
            found = [f"{before},{value}" for before, value in zip(found, values, strict=True)]
        return found

    def _around(self, entry: Entry) -> tuple[str, str]:
        """What stands before the number of each log, and behind it."""
        assert entry.request is not None
        request = entry.request
        values = (request.client, request.stream, request.is_test, entry.booked.booked_at)
        start = f"('{entry.booked.received_day.isoformat()}',x'{request.request_id.hex}',"
        return start, f",{b','.join(map(self._literal, values)).decode()},"

    def _text(self, value: object) -> str:
        return f"'{self._escape(text_of(value).encode()).decode()}'"


def _instants(values: list[str]) -> list[str]:
    joined = "\n".join([*values, ""])
    # The length as well: one value could hold a line feed, and be two instants.
    if len(joined) != _INSTANT_LENGTH * len(values) or not _INSTANTS.fullmatch(joined):
        raise ValueError
    if not all(map(is_day, {value[:10] for value in values})):
        raise ValueError
    return values


def _numbers(values: list[int | None]) -> Sequence[object]:
    known = [value for value in values if value is not None]
    # A bool is an int for isinstance, and none here.
    if set(map(type, known)) - {int} or (known and (min(known) < -MAX_INT or max(known) > MAX_INT)):
        raise ValueError
    return known if len(known) == len(values) else ["NULL" if value is None else value for value in values]


def _opaque(values: list[str | None]) -> list[str]:
    if None not in values and _PLAIN.fullmatch("".join(values)):  # type: ignore[arg-type]  # join raises TypeError
        return [f"'{value}'" for value in values]
    return ["NULL" if value is None else f"x'{text_of(value).encode().hex()}'" for value in values]


def _word(value: object) -> str:
    return "NULL" if value is None else f"'{word_of(value)}'"
