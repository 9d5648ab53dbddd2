"""Keeps the last good list of clients on disk, for a start while the region database is down."""

import json
import logging
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.gateway.client import Client, ClientList

logger = logging.getLogger(__name__)

VERSION = 1


class ListFile:
    """One JSON file, replaced as a whole. It holds HMACs of keys, never a key, and only its owner may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, found: ClientList) -> None:
        """Replaces the file. A disk that refuses is logged: the list in memory serves on."""
        clients = [
            {"key_hmac": hmac.hex(), "name": client.name, "is_test": client.is_test}
            for hmac, client in sorted(found.clients.items())
        ]
        document = {"version": VERSION, "read_at": found.read_at.isoformat(), "clients": clients}
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
            clients = {
                bytes.fromhex(each["key_hmac"]): Client(str(each["name"]), each["is_test"] is True)
                for each in document["clients"]
            }
            return ClientList(clients, datetime.fromisoformat(document["read_at"]).astimezone(UTC))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
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
