"""Connects to MySQL or MariaDB with the time-outs and modes on which the ledger's promises rest."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import MySQLdb
from MySQLdb.connections import Connection

from common.converters import certificates

#: Strict in every table: a value that doesn't fit is an error, never cut or replaced in silence.
SQL_MODE = (
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION"
)
CONNECT_TIMEOUT_SECONDS = 5
READ_WRITE_TIMEOUT_SECONDS = 20
#: After a silent cut of the network the server ends the dead session, and frees its locks, after this time.
IDLE_SECONDS = 30

SESSION = (
    "SET SESSION wait_timeout={idle}, innodb_lock_wait_timeout={row_lock}, lock_wait_timeout={lock},"
    " time_zone='+00:00', sql_mode='{mode}'"
)
#: Empty without TLS. The client library has its own ideas of when a name is checked: this one we check.
CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_cipher'"
READ_COMMITTED = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"


@dataclass(frozen=True)
class DatabaseUrl:
    """Where a database is, without its password."""

    user: str
    schema: str
    host: str | None = None
    port: int = 3306
    socket: str | None = None
    ssl_ca: str | None = None


def database_url(value: str) -> DatabaseUrl:
    """Reads mysql://USER@HOST:PORT/SCHEMA[?ssl_ca=FILE] or mysql://USER@/SCHEMA?socket=PATH.

    Raises ValueError with the rule; a password in the URL is refused, since URLs end up in logs.
    """
    parts = urlsplit(value)
    schema = parts.path.strip("/")
    if parts.scheme not in {"mysql", "mariadb"} or not parts.username or not schema:
        raise ValueError("must be mysql://USER@HOST:PORT/SCHEMA")
    if parts.password is not None:
        raise ValueError("must not hold the password; put it into the variable that ends in _PASSWORD")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    unknown = set(options) - {"socket", "ssl_ca"}
    if unknown:
        raise ValueError(f"has the unknown option {sorted(unknown)[0]}; known are socket and ssl_ca")
    if not parts.hostname and "socket" not in options:
        raise ValueError("must name a host, or ?socket=PATH")
    if parts.hostname == "localhost":
        raise ValueError("must not say localhost, by which the client library means a socket; say 127.0.0.1")
    if "ssl_ca" in options:
        try:
            certificates(options["ssl_ca"])
        except ValueError as error:
            raise ValueError(f"has an ssl_ca that {error}") from None
    return DatabaseUrl(
        user=unquote(parts.username),
        schema=schema,
        host=parts.hostname,
        port=parts.port or 3306,
        socket=options.get("socket"),
        ssl_ca=options.get("ssl_ca"),
    )


def connect(
    url: DatabaseUrl,
    password: str,
    *,
    idle_seconds: int = IDLE_SECONDS,
    lock_seconds: int = 5,
    row_lock_seconds: int = 5,
    answer_seconds: int = READ_WRITE_TIMEOUT_SECONDS,
    connect_seconds: int = CONNECT_TIMEOUT_SECONDS,
) -> Connection:
    """A new connection, autocommit off, READ COMMITTED, strict, in UTC; use it in one thread only.

    `answer_seconds` is the longest silence within one statement; `idle_seconds` that between two.

    Raises MySQLdb.Error when the server can't be reached or refuses. Affected rows count changed rows (the client
    flag FOUND_ROWS is off), on which the fence relies.
    """
    place: dict[str, object] = {"unix_socket": url.socket} if url.socket else {"host": url.host, "port": url.port}
    if url.ssl_ca:
        place |= {"ssl_mode": "VERIFY_IDENTITY", "ssl": {"ca": url.ssl_ca}}
    connection = MySQLdb.connect(
        **place,
        user=url.user,
        password=password,
        database=url.schema,
        charset="utf8mb4",
        use_unicode=True,
        autocommit=False,
        client_flag=0,
        connect_timeout=connect_seconds,
        read_timeout=answer_seconds,
        write_timeout=answer_seconds,
    )
    try:
        run(connection, SESSION.format(idle=idle_seconds, row_lock=row_lock_seconds, lock=lock_seconds, mode=SQL_MODE))
        run(connection, READ_COMMITTED)
        if url.ssl_ca and not rows(connection, CIPHER)[0][1]:
            raise MySQLdb.OperationalError(2026, "the link is not encrypted, though ssl_ca is given")
    except MySQLdb.Error:
        connection.close()
        raise
    return connection


def run(connection: Connection, sql: str | bytes, values: tuple[object, ...] | None = None) -> int:
    """Runs one statement that returns no rows; values are bound. Returns the affected rows."""
    with connection.cursor() as cursor:
        return int(cursor.execute(sql, values))


def rows(
    connection: Connection, sql: str | bytes, values: tuple[object, ...] | None = None
) -> list[tuple[object, ...]]:
    """Runs one query and returns all its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def quick_rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    """As rows(), of a query that binds nothing: without a cursor, which takes a third of a short query's time."""
    connection.query(sql)
    return list(connection.store_result().fetch_row(0))


def any_rows(
    connection: Connection, sql: str | bytes, values: tuple[object, ...] | None = None
) -> list[tuple[Any, ...]]:
    """As rows(), for who knows the types of the columns."""
    return rows(connection, sql, values)
