"""Keeps the last good list of clients on disk, for a start while the region database is down."""

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.gateway.client import Client, ClientList, LiveKey
from app.gateway.sealed import Sealed

logger = logging.getLogger(__name__)

VERSION = 2


class ListFile:
    """One JSON file, replaced as a whole, which only its owner may read.

    It holds HMACs of keys and sealed secrets, never a key and never a secret.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, found: ClientList) -> None:
        """Replaces the file. A disk that refuses is logged: the list in memory serves on."""
        clients = {live.client.name: _facts(live.client) for live in found.keys.values()}
        keys = [_key_facts(live) for _, live in sorted(found.keys.items())]
        document = {"version": VERSION, "read_at": found.read_at.isoformat(), "clients": clients, "keys": keys}
        try:
            self._replace(json.dumps(document).encode())
        except OSError as error:
            logger.warning("can't write the client list: %(problem)s", facts := {"problem": str(error)}, extra=facts)

    def read(self) -> ClientList | None:
        """The list as it was written; None where there is no file or it can't be read."""
        try:
            document = json.loads(self._path.read_bytes())
            if document["version"] != VERSION:
                raise ValueError("unknown version")
            clients = {name: _client(name, facts) for name, facts in document["clients"].items()}
            live = [_live_key(facts, clients) for facts in document["keys"]]
            read_at = datetime.fromisoformat(document["read_at"]).astimezone(UTC)
            return ClientList({key.key_hmac: key for key in live}, read_at)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            facts = {"file": str(self._path), "problem": type(error).__name__}
            logger.warning("can't read the client list in %(file)s (%(problem)s)", facts, extra=facts)
            return None

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp: a name of its own for each worker, and mode 600.
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f"{self._path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def _facts(client: Client) -> dict[str, Any]:
    return {"is_test": client.is_test, "daily_limit": client.daily_limit, "services": dict(client.services)}


def _key_facts(live: LiveKey) -> dict[str, Any]:
    sealed = live.secret and [live.secret.key_id, live.secret.content.hex()]
    return {"client": live.client.name, "key_hmac": live.key_hmac.hex(), "sealed": sealed}


def _client(name: str, facts: Mapping[str, Any]) -> Client:
    limit = facts["daily_limit"]
    services = {str(service): sign is True for service, sign in facts["services"].items()}
    return Client(name, facts["is_test"] is True, None if limit is None else int(limit), services)


def _live_key(facts: Mapping[str, Any], clients: Mapping[str, Client]) -> LiveKey:
    sealed = facts["sealed"]
    secret = None if sealed is None else Sealed(str(sealed[0]), bytes.fromhex(sealed[1]))
    return LiveKey(clients[facts["client"]], bytes.fromhex(facts["key_hmac"]), secret)
