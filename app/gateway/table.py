"""The table `client` of the region database: all its statements."""

from datetime import datetime
from typing import cast

from MySQLdb.connections import Connection

from app.gateway.client import Client
from common.database import rows, run

LIVE = "SELECT key_hmac, name, is_test FROM client WHERE revoked_at IS NULL"
ALL = "SELECT name, is_test, created_at, revoked_at FROM client ORDER BY name"
ONE = "SELECT name, is_test, created_at, revoked_at FROM client WHERE name = %s"
ADD = "INSERT INTO client (name, key_hmac, is_test, created_at) VALUES (%s, %s, %s, %s)"
REVOKE = "UPDATE client SET revoked_at = %s WHERE name = %s AND revoked_at IS NULL"

Line = tuple[str, bool, datetime, datetime | None]


def live_clients(connection: Connection) -> dict[bytes, Client]:
    """The clients that aren't revoked, by the HMAC of their key. Ends its transaction."""
    found = rows(connection, LIVE)
    connection.commit()
    return {bytes(cast(bytes, hmac)): Client(str(name), bool(is_test)) for hmac, name, is_test in found}


def all_clients(connection: Connection) -> list[Line]:
    """Name, whether it is a test client, and when it was added and revoked."""
    return [_line(row) for row in rows(connection, ALL)]


def one_client(connection: Connection, name: str) -> Line | None:
    found = rows(connection, ONE, (name,))
    return _line(found[0]) if found else None


def add_client(connection: Connection, name: str, key_hmac: bytes, is_test: bool, now: datetime) -> None:
    """Adds a client. Raises MySQLdb.IntegrityError when the name is taken."""
    run(connection, ADD, (name, key_hmac, is_test, now.replace(tzinfo=None)))
    connection.commit()


def revoke_client(connection: Connection, name: str, now: datetime) -> bool:
    """Revokes a client's key; says whether it was live."""
    changed = run(connection, REVOKE, (now.replace(tzinfo=None), name))
    connection.commit()
    return changed == 1


def _line(row: tuple[object, ...]) -> Line:
    name, is_test, created_at, revoked_at = row
    return str(name), bool(is_test), cast(datetime, created_at), cast("datetime | None", revoked_at)
