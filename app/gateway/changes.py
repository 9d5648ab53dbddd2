"""Changes to clients, their keys and their services: all statements that write those tables. Each function commits."""

from collections.abc import Mapping
from datetime import datetime

from MySQLdb.connections import Connection

from app.gateway.client import LiveKey
from app.gateway.sealed import Sealed
from app.gateway.table import BEFORE_SERVICES
from common.database import run

ADD_CLIENT = """
INSERT INTO client (name, key_hmac, is_test, daily_limit, created_at) VALUES (%s, %s, %s, %s, %s)"""
ADD_KEY = """
INSERT INTO client_key (key_hmac, client, created_at, secret_key_id, secret_sealed) VALUES (%s, %s, %s, %s, %s)"""
ADOPT_KEY = """
INSERT INTO client_key (key_hmac, client, created_at, revoked_at)
SELECT key_hmac, name, created_at, revoked_at FROM client
WHERE name = %s AND NOT EXISTS (SELECT 1 FROM client_key k WHERE k.client = %s)"""
ALLOW = """
INSERT INTO client_service (client, service, must_sign) VALUES (%s, %s, %s)
ON DUPLICATE KEY UPDATE must_sign = VALUES(must_sign)"""
DENY = "DELETE FROM client_service WHERE client = %s AND service = %s"
LIMIT = "UPDATE client SET daily_limit = %s WHERE name = %s"
REVOKE_CLIENT = "UPDATE client SET revoked_at = %s WHERE name = %s AND revoked_at IS NULL"
REVOKE_KEYS = "UPDATE client_key SET revoked_at = %s WHERE client = %s AND revoked_at IS NULL"
REVOKE_KEY = "UPDATE client_key SET revoked_at = %s WHERE key_hmac = %s AND revoked_at IS NULL"
#: The version before reads one key of a client, here: the oldest, which its owner is sure to have.
OLDEST_KEY = """
UPDATE client SET key_hmac = (
  SELECT key_hmac FROM client_key WHERE client = %s AND revoked_at IS NULL ORDER BY created_at, key_hmac LIMIT 1
) WHERE name = %s"""
RESEAL = "UPDATE client_key SET secret_key_id = %s, secret_sealed = %s WHERE key_hmac = %s AND secret_sealed = %s"


def add_client(connection: Connection, key: LiveKey, now: datetime) -> None:
    """Adds a client with its first key and its services. Raises MySQLdb.IntegrityError when the name is taken."""
    client = key.client
    at = now.replace(tzinfo=None)
    run(connection, ADD_CLIENT, (client.name, key.key_hmac, client.is_test, client.daily_limit, at))
    _add_key(connection, key, at)
    for service, sign in client.services.items():
        run(connection, ALLOW, (client.name, service, sign))
    connection.commit()


def adopt(connection: Connection, name: str) -> None:
    """Gives a client that the version before added the rows that clients have now: else a second key would end it."""
    if run(connection, ADOPT_KEY, (name, name)):
        run(connection, ALLOW, (name, next(iter(BEFORE_SERVICES)), False))
    connection.commit()


def add_key(connection: Connection, key: LiveKey, now: datetime) -> None:
    """Adds one more key to a client."""
    _add_key(connection, key, now.replace(tzinfo=None))
    connection.commit()


def _add_key(connection: Connection, key: LiveKey, at: datetime) -> None:
    sealed = (key.secret.key_id, key.secret.content) if key.secret else (None, None)
    run(connection, ADD_KEY, (key.key_hmac, key.client.name, at, *sealed))


def revoke_client(connection: Connection, name: str, now: datetime) -> bool:
    """Revokes a client with all its keys; says whether it was live."""
    at = now.replace(tzinfo=None)
    changed = run(connection, REVOKE_CLIENT, (at, name))
    run(connection, REVOKE_KEYS, (at, name))
    connection.commit()
    return changed == 1


def revoke_key(connection: Connection, name: str, key_hmac: bytes, now: datetime) -> None:
    """Revokes one key of a client that has another."""
    run(connection, REVOKE_KEY, (now.replace(tzinfo=None), key_hmac))
    run(connection, OLDEST_KEY, (name, name))
    connection.commit()


def set_limit(connection: Connection, name: str, limit: int | None) -> None:
    """Changes a client's daily limit; what it has used today stays counted."""
    run(connection, LIMIT, (limit, name))
    connection.commit()


def allow(connection: Connection, name: str, services: Mapping[str, bool]) -> None:
    """Allows services, each signed or not."""
    for service, sign in services.items():
        run(connection, ALLOW, (name, service, sign))
    connection.commit()


def deny(connection: Connection, name: str, service: str) -> bool:
    """Takes a service away; says whether it was there."""
    changed = run(connection, DENY, (name, service))
    connection.commit()
    return changed == 1


def reseal(connection: Connection, key_hmac: bytes, old: Sealed, new: Sealed) -> None:
    """Replaces a sealed secret by the same one under another key, if it is still the one that was read."""
    run(connection, RESEAL, (new.key_id, new.content, key_hmac, old.content))
    connection.commit()
