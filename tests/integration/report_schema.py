"""A data-centre schema of the report tests' own, with the tables, the days and the rights of the real one."""

from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

from MySQLdb.connections import Connection

import migrations
from common.clock import SystemClock
from common.database import DatabaseUrl, connect
from migrations.days import add_days
from migrations.files import read_migrations
from migrations.runner import migrate
from tests.integration.shared_stack import shared_stack

SCHEMA = "playlog_report_tests"
#: The day that the tests report. Its partition is made whatever the real clock says.
DAY = date(2026, 11, 24)
MIGRATIONS = Path(migrations.__file__).parent / "datacentre"
TABLES = ("consumer_offset", "request", "day_cut", "gap", "play_log", "dead_letter", "replay", "report")
CATALOGUE = ("catalogue_track", "catalogue_artist", "catalogue_release")


@cache
def make_schema() -> None:
    """Creates the schema on the shared server, once, and gives each user the rights that it has in production."""
    server = shared_stack().mariadb
    server.execute(f"CREATE DATABASE {SCHEMA}; GRANT ALL PRIVILEGES ON {SCHEMA}.* TO playlog_migrate")
    with closing(connect_as("playlog_migrate")) as connection:
        migrate(connection, read_migrations(MIGRATIONS), SystemClock(), lambda _: None)
        add_days(connection, DAY, lambda _: None, lambda _: None)
    server.execute((MIGRATIONS / "grants.sql").read_text().replace("playlog_datacentre.", f"{SCHEMA}."))


def url_of(user: str, schema: str = SCHEMA) -> DatabaseUrl:
    """Where a user finds the schema."""
    return DatabaseUrl(user, schema, "127.0.0.1", shared_stack().mariadb.port)


def password_of(user: str) -> str:
    """The user's password on the shared stack."""
    return shared_stack().secrets[user]


def connect_as(user: str, schema: str = SCHEMA) -> Connection:
    """A connection of one user."""
    return connect(url_of(user, schema), password_of(user))


def empty_tables(connection: Connection) -> None:
    """Removes what an earlier test has left."""
    with connection.cursor() as cursor:
        for table in (*TABLES, *CATALOGUE):
            cursor.execute(f"DELETE FROM {table}")
    connection.commit()
