"""Who may send logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Client:
    """Who sent a request. A test client's logs reach the ledger, but no partner's file."""

    name: str
    is_test: bool = False


@dataclass(frozen=True)
class ClientList:
    """All clients that aren't revoked, by the HMAC of their key, as they were at one moment."""

    clients: Mapping[bytes, Client]
    read_at: datetime
