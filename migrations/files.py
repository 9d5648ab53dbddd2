"""Reads the numbered migration files of one database, and splits each into its statements."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
#: Not a migration: users and their rights are an administrator's.
GRANTS = "grants.sql"

# A quoted string or name, a comment, the end of a statement, or anything else, one character at a time.
_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`)"""
    r"""|(?P<comment>--(?=\s|\Z)[^\n]*|\#[^\n]*|/\*.*?\*/)"""
    r"""|(?P<end>;)"""
    r"""|(?P<other>.)""",
    re.DOTALL,
)


class BadMigrations(Exception):
    """The files, or what the database remembers of them, are not in order. The message says what to do."""


@dataclass(frozen=True)
class Migration:
    """One file: its number, its name, the SHA-256 of its bytes, and its statements in order."""

    number: int
    name: str
    sha256: bytes
    statements: tuple[str, ...]


def read_migrations(folder: Path) -> list[Migration]:
    """The migrations in a folder, by number. Raises BadMigrations for a wrong name, a gap or a number used twice."""
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        if path.name == GRANTS:
            continue
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise BadMigrations(f"{path.name}: rename it to NNNN_what_it_does.sql.")
        number = int(match[1])
        if number in found:
            raise BadMigrations(f"{path.name}: number {number:04} is that of {found[number].name}; take the next one.")
        data = path.read_bytes()
        found[number] = Migration(number, path.name, hashlib.sha256(data).digest(), split(data.decode()))
    if sorted(found) != list(range(1, len(found) + 1)):
        missing = min(set(range(1, len(found) + 1)) - set(found))
        raise BadMigrations(f"{folder.name}: number {missing:04} is missing; numbers run from 0001 without gaps.")
    return [found[number] for number in sorted(found)]


def split(sql: str) -> tuple[str, ...]:
    """The statements of a file, without comments; a semicolon in a quoted string or a comment ends nothing."""
    statements: list[str] = []
    parts: list[str] = []
    for token in _TOKEN.finditer(sql):
        if token.lastgroup == "end":
            statements.append("".join(parts).strip())
            parts.clear()
        elif token.lastgroup == "comment":
            parts.append(" ")
        else:
            if token.lastgroup == "other" and token[0] in "'\"`":
                raise BadMigrations(f"a quote is never closed, near {sql[token.start() : token.start() + 30]!r}.")
            parts.append(token[0])
    statements.append("".join(parts).strip())
    return tuple(statement for statement in statements if statement)
