"""Schemas beside the stack's own, for replays and for a sink of a test's own."""

from contextlib import closing
from pathlib import Path
from typing import Any

from MySQLdb.connections import Connection

import migrations
from common.clock import SystemClock
from common.database import any_rows, connect, database_url
from devstack.stack import Stack
from migrations.files import read_migrations
from migrations.runner import migrate

USER = "playlog_migrate"


def empty_schema(stack: Stack, name: str) -> str:
    """Makes a schema anew; its URL. The password is the migrating user's."""
    stack.mariadb.execute(
        f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
        f" GRANT ALL PRIVILEGES ON {name}.* TO '{USER}'@'%'"
    )
    return f"mysql://{USER}@127.0.0.1:{stack.mariadb.port}/{name}"


def migrated_schema(stack: Stack, name: str, tables: str) -> str:
    """An empty schema with the tables of `region` or `datacentre`; its URL."""
    url = empty_schema(stack, name)
    with closing(connect_to(stack, url)) as connection:
        migrate(connection, read_migrations(Path(migrations.__file__).parent / tables), SystemClock(), lambda _: None)
    return url


def connect_to(stack: Stack, url: str) -> Connection:
    """A connection to such a schema."""
    return connect(database_url(url), stack.secrets[USER], idle_seconds=600)


def rows_of(stack: Stack, schema: str, sql: str) -> list[tuple[Any, ...]]:
    """Asks any schema, as the migrating user."""
    with closing(connect_to(stack, f"mysql://{USER}@127.0.0.1:{stack.mariadb.port}/{schema}")) as connection:
        return any_rows(connection, sql)
