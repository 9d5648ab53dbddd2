"""What `playlog dead-letters list` and `show` print."""

import json
import re
from collections.abc import Mapping
from typing import TextIO
from uuid import UUID

from MySQLdb.connections import Connection

from consumer.letters.book import Content, Letter, Wanted, content, find, summary

#: JSON escapes the others; a terminal would obey these.
_CONTROLS = re.compile("[\x7f-\x9f]")
SUM_NAMES = ("state", "client", "stream", "reason", "letters", "first_id", "last_made_at")


def sums(connection: Connection, wanted: Wanted, out: TextIO, *, as_json: bool) -> int:
    """How many letters there are, by client and reason."""
    found = summary(connection, wanted)
    for row in found:
        facts = dict(zip(SUM_NAMES, row, strict=True))
        if as_json:
            _line(out, facts)
        else:
            whose = f"{facts['client']}, {facts['stream']}" if facts["client"] else "unreadable"
            out.write(f"{facts['letters']:>8}  {facts['state']}  {whose}: {facts['reason']}")
            out.write(f" (first {facts['first_id']}, last at {facts['last_made_at']} UTC)\n")
    if not found and not as_json:
        out.write("There are none.\n")
    return 0


def each(connection: Connection, wanted: Wanted, limit: int, out: TextIO, *, as_json: bool) -> int:
    """A line a letter, without its value."""
    letters = find(connection, wanted, limit)
    for letter in letters:
        if as_json:
            _line(out, _facts(letter))
        else:
            whose = f"{letter.client}, {letter.stream}" if letter.client else "unreadable"
            out.write(
                f"{letter.id:>8}  {letter.state}  {letter.received_day}  {letter.place}  {whose}: {letter.reason}\n"
            )
    if len(letters) == limit:
        out.write("" if as_json else f"These are the first {limit}; --limit shows more.\n")
    return 0


def show(connection: Connection, letter_id: int, out: TextIO) -> int:
    """One letter whole."""
    found = find(connection, Wanted([letter_id]), 1)
    if not found:
        out.write(f"There is no dead letter {letter_id}: see `playlog dead-letters list --each --state all`.\n")
        return 1
    for name, value in _facts(found[0]).items():
        if value is not None:
            out.write(f"{name + ':':<14} {value}\n")
    held = content(connection, letter_id)
    connection.rollback()
    out.write("headers:\n")
    out.writelines(f"  {name}: {_text(data)}\n" for name, data in held.headers)
    out.write(f"value:\n{_value(found[0], held)}\n")
    return 0


def _facts(letter: Letter) -> dict[str, object]:
    facts = dict(vars(letter))
    facts["request_id"] = None if letter.request_id is None else str(UUID(bytes=letter.request_id))
    return facts


def _value(letter: Letter, held: Content) -> str:
    if held.value is None:
        return "  none" if letter.value_bytes is None else f"  {letter.value_bytes} bytes, too many to be kept"
    try:
        return _CONTROLS.sub("?", json.dumps(json.loads(held.value), ensure_ascii=False, indent=2))
    except ValueError:
        return _text(held.value)


def _text(data: bytes | None) -> str:
    """Bytes for a terminal: what isn't printable is escaped, so that a value can't play tricks on it."""
    return "none" if data is None else ascii(data.decode("utf-8", "backslashreplace"))[1:-1]


def _line(out: TextIO, facts: Mapping[str, object]) -> None:
    out.write(json.dumps(facts, default=str, ensure_ascii=False) + "\n")
