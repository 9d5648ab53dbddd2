"""The tables client, client_key and client_service of the region database: all statements that read them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from MySQLdb.connections import Connection

from app.gateway.client import Client, LiveKey
from app.gateway.sealed import Sealed
from common.database import rows

CLIENTS = "SELECT name, is_test, daily_limit, key_hmac FROM client WHERE revoked_at IS NULL"
KEYS = "SELECT client, key_hmac, secret_key_id, secret_sealed, revoked_at IS NULL FROM client_key"
SERVICES = "SELECT client, service, must_sign FROM client_service"

#: What every client might use before there were services: a client that the version before added has no rows of them.
BEFORE_SERVICES = {"logs.*": False}


@dataclass(frozen=True)
class ClientRows:
    """The three tables as they were read at one moment."""

    clients: list[tuple[object, ...]]
    keys: list[tuple[object, ...]]
    services: list[tuple[object, ...]]


def read_rows(connection: Connection) -> ClientRows:
    """All rows that say who may do what. Clients first: a key of one added meanwhile waits for the next time."""
    return ClientRows(rows(connection, CLIENTS), rows(connection, KEYS), rows(connection, SERVICES))


def live_keys(found: ClientRows) -> dict[bytes, LiveKey]:
    """The keys that aren't revoked, by their HMAC."""
    services: dict[str, dict[str, bool]] = defaultdict(dict)
    for name, service, sign in found.services:
        services[str(name)][str(service)] = bool(sign)
    clients, old = {}, {}
    for name, is_test, limit, key_hmac in found.clients:
        key = str(name)
        clients[key] = Client(key, bool(is_test), cast("int | None", limit), services.get(key, {}))
        old[key] = bytes(cast(bytes, key_hmac))
    live: dict[bytes, LiveKey] = {}
    for name, key_hmac, key_id, content, is_live in found.keys:
        old.pop(str(name), None)
        client = clients.get(str(name))
        if client is not None and is_live:
            hmac = bytes(cast(bytes, key_hmac))
            secret = None if content is None else Sealed(str(key_id), bytes(cast(bytes, content)))
            live[hmac] = LiveKey(client, hmac, secret)
    # Added by the version before, whose word knows this table's first columns only.
    for name, hmac in old.items():
        client = Client(name, clients[name].is_test, None, services.get(name) or BEFORE_SERVICES)
        live[hmac] = LiveKey(client, hmac)
    return live


@dataclass(frozen=True)
class ClientLine:
    """What the word shows of a client."""

    name: str
    is_test: bool
    created_at: datetime
    revoked_at: datetime | None
    daily_limit: int | None


@dataclass(frozen=True)
class KeyLine:
    """What the word shows of a key: never the key itself."""

    key_hmac: bytes
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    sealed: Sealed | None

    @property
    def key_id(self) -> str:
        """By which an operator names it."""
        return self.key_hmac.hex()[:8]


LINES = "SELECT name, is_test, created_at, revoked_at, daily_limit FROM client"
KEY_LINES = """
SELECT key_hmac, created_at, revoked_at, last_used_at, secret_key_id, secret_sealed FROM client_key
WHERE client = %s ORDER BY created_at, key_hmac"""
SERVICES_OF = "SELECT service, must_sign FROM client_service WHERE client = %s ORDER BY service"


def all_clients(connection: Connection) -> list[ClientLine]:
    """All clients by name, revoked ones too."""
    return [_line(row) for row in rows(connection, f"{LINES} ORDER BY name")]


def one_client(connection: Connection, name: str) -> ClientLine | None:
    found = rows(connection, f"{LINES} WHERE name = %s", (name,))
    return _line(found[0]) if found else None


def keys_of(connection: Connection, name: str) -> list[KeyLine]:
    """A client's keys, the oldest first, revoked ones too."""
    return [_key_line(row) for row in rows(connection, KEY_LINES, (name,))]


def services_of(connection: Connection, name: str) -> dict[str, bool]:
    """A client's services, and whether each wants a signature."""
    return {str(service): bool(sign) for service, sign in rows(connection, SERVICES_OF, (name,))}


def _line(row: tuple[object, ...]) -> ClientLine:
    name, is_test, created, revoked, limit = row
    return ClientLine(
        str(name),
        bool(is_test),
        cast(datetime, created),
        cast("datetime | None", revoked),
        cast("int | None", limit),
    )


def _key_line(row: tuple[object, ...]) -> KeyLine:
    hmac, created, revoked, used, key_id, content = row
    return KeyLine(
        bytes(cast(bytes, hmac)),
        cast(datetime, created),
        cast("datetime | None", revoked),
        cast("datetime | None", used),
        None if content is None else Sealed(str(key_id), bytes(cast(bytes, content))),
    )
