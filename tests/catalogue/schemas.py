"""Schemas beside the stack's own, for replays and for a sink of a test's own."""

from typing import Any

from common.database import any_rows, connect, database_url
from devstack.stack import Stack

USER = "playlog_migrate"


def empty_schema(stack: Stack, name: str) -> str:
    """Makes a schema anew; its URL. The password is the migrating user's."""
    stack.mariadb.execute(
        f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
        f" GRANT ALL PRIVILEGES ON {name}.* TO '{USER}'@'%'"
    )
    return f"mysql://{USER}@127.0.0.1:{stack.mariadb.port}/{name}"


def rows_of(stack: Stack, schema: str, sql: str) -> list[tuple[Any, ...]]:
    """Asks any schema, as the migrating user."""
    url = database_url(f"mysql://{USER}@127.0.0.1:{stack.mariadb.port}/{schema}")
    connection = connect(url, stack.secrets[USER])
    try:
        return any_rows(connection, sql)
    finally:
        connection.close()
