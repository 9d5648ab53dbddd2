"""The settings of the devstack's MariaDB, and the databases and users that it holds."""

from dataclasses import dataclass
from pathlib import Path

from devstack.ports import HOST

REGION = "playlog_region"
DATACENTRE = "playlog_datacentre"

# As a strict production server: a value that doesn't fit is an error, never cut or made to zero.
SQL_MODE = "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
MAX_ALLOWED_PACKET = "16M"


@dataclass(frozen=True)
class User:
    """A database user, the schemas that its word's two URLs name, and whether it may change tables."""

    name: str
    changes_tables: bool = False


MIGRATE = User("playlog_migrate", changes_tables=True)
APP = User("playlog_app")
CLIENTS = User("playlog_clients")
PERSISTER = User("playlog_persister")
REPORTS = User("playlog_reports")
READER = User("playlog_reader")
DEAD_LETTERS = User("playlog_dead_letters")
LISTENERS = User("playlog_listeners")
CATALOGUE = User("playlog_catalogue")
CATALOGUE_PRODUCER = User("playlog_catalogue_producer")
CATALOGUE_SINK = User("playlog_catalogue_sink")
MOVE = User("playlog_move")
MOVES = User("playlog_moves")
USERS = (
    *(MIGRATE, APP, CLIENTS, PERSISTER, REPORTS, READER, DEAD_LETTERS, LISTENERS),
    *(CATALOGUE, CATALOGUE_PRODUCER, CATALOGUE_SINK, MOVE, MOVES),
)


def server_arguments(data: Path, socket: Path, port: int, as_root: bool) -> list[str]:
    """Returns the server's arguments: everything that differs between versions or distributions is said."""
    arguments = [
        "--no-defaults",
        f"--datadir={data}",
        f"--socket={socket}",
        f"--pid-file={socket.with_suffix('.pid')}",
        f"--tmpdir={socket.parent}",
        f"--bind-address={HOST}",
        f"--port={port}",
        "--skip-name-resolve",
        "--skip-log-bin",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_bin",
        f"--sql-mode={SQL_MODE}",
        "--default-time-zone=+00:00",
        f"--max-allowed-packet={MAX_ALLOWED_PACKET}",
        "--innodb-flush-log-at-trx-commit=1",
        "--innodb-buffer-pool-size=128M",
        "--performance-schema=OFF",
    ]
    return [*arguments, "--user=root"] if as_root else arguments


def create_statements(passwords: dict[str, str]) -> str:
    """Returns the SQL that makes schemas and users; safe to repeat. Their other grants are files of the migrations."""
    lines = []
    for schema in (REGION, DATACENTRE):
        lines.append(f"CREATE DATABASE IF NOT EXISTS {schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;")
    for user in USERS:
        lines.append(f"CREATE USER IF NOT EXISTS '{user.name}'@'%';")
        lines.append(f"ALTER USER '{user.name}'@'%' IDENTIFIED BY '{passwords[user.name]}';")
        if user.changes_tables:
            lines += [f"GRANT ALL PRIVILEGES ON {schema}.* TO '{user.name}'@'%';" for schema in (REGION, DATACENTRE)]
    return "\n".join(lines) + "\n"
