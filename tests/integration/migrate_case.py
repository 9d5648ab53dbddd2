"""What the tests of `playlog migrate` share: an empty schema and a connection that may change tables."""

import unittest

from MySQLdb.connections import Connection

from migrations.files import Migration
from migrations.runner import migrate
from tests.fakes.hand_clock import HandClock
from tests.integration.report_schema import connect_as
from tests.integration.shared_stack import shared_stack

SCHEMA = "playlog_migrate_tests"


def quietly(_: object) -> None:
    """Tells nobody, and doesn't sleep."""


class MigrateCase(unittest.TestCase):
    def setUp(self) -> None:
        shared_stack().mariadb.execute(
            f"DROP DATABASE IF EXISTS {SCHEMA}; CREATE DATABASE {SCHEMA};"
            f"GRANT ALL PRIVILEGES ON {SCHEMA}.* TO playlog_migrate"
        )
        self.connection = self.connect()
        self.told: list[str] = []

    def connect(self) -> Connection:
        connection = connect_as("playlog_migrate", SCHEMA)
        self.addCleanup(connection.close)
        return connection

    def migrate(self, migrations: list[Migration]) -> int:
        return migrate(self.connection, migrations, HandClock(), self.told.append)
