"""Who may use the API: clients, their keys, and the list of both as it was at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.gateway.sealed import Sealed


@dataclass(frozen=True)
class Client:
    """Who sent a request. A test client's logs reach the ledger, but no partner's file."""

    name: str
    is_test: bool = False
    #: Requests a GMT day; None for a client without a limit.
    daily_limit: int | None = None
    #: The services that it may use, or families of them (`legacy.*`), and whether each wants a signature.
    services: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class LiveKey:
    """One key of a client. A client may have two, while it moves from one to the other."""

    client: Client
    key_hmac: bytes
    #: The secret that signs; None for a key from before there were any.
    secret: Sealed | None = None


@dataclass(frozen=True)
class ClientList:
    """All keys that aren't revoked, by their HMAC, as they were at one moment."""

    keys: Mapping[bytes, LiveKey]
    read_at: datetime
