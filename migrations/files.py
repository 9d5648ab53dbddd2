"""Reads the numbered migration files of one database, and splits each into its statements."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
#: A migration that takes something away says so: the number that the oldest code which can do without it knows.
_OLDEST_CODE = re.compile(r"^-- oldest code: (\d{4})$", re.MULTILINE)
_TAKES_AWAY = re.compile(r"\b(DROP|RENAME|MODIFY|CHANGE|TRUNCATE|DELETE|REVOKE)\b", re.IGNORECASE)
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
    """One file: its number, its name, the SHA-256 of its bytes, and its statements in order.

    `oldest_code` is the last migration of the oldest version that works on what this one leaves; 0 when it only adds.
    """

    number: int
    name: str
    sha256: bytes
    statements: tuple[str, ...]
    oldest_code: int = 0


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
        statements = split(data.decode())
        oldest = oldest_code(path.name, number, data.decode(), statements)
        found[number] = Migration(number, path.name, hashlib.sha256(data).digest(), statements, oldest)
    if sorted(found) != list(range(1, len(found) + 1)):
        missing = min(set(range(1, len(found) + 1)) - set(found))
        raise BadMigrations(f"{folder.name}: number {missing:04} is missing; numbers run from 0001 without gaps.")
    return [found[number] for number in sorted(found)]


def oldest_code(name: str, number: int, sql: str, statements: tuple[str, ...]) -> int:
    """What a file's `-- oldest code: NNNN` line says; 0 without one.

    Raises BadMigrations when it names a version to come, or is missing where the file takes something away.
    """
    found = _OLDEST_CODE.search(sql)
    for statement in statements:
        if not found and (word := _TAKES_AWAY.search(statement)):
            raise BadMigrations(
                f"{name}: {word[0].upper()} takes away what an older version may need. Say which is the oldest that can"
                " do without it, by its last migration's number, in a line `-- oldest code: NNNN`; 0000 means any."
            )
    oldest = int(found[1]) if found else 0
    if oldest >= number:
        raise BadMigrations(f"{name}: the version before must work on it, so the oldest code is below {number:04}.")
    return oldest


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
