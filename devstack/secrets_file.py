"""The passwords and secrets of one stack: made at its first start, kept under its home for the next."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from devstack.mariadb_settings import USERS

# The names of variables, not their values.
CLIENT_KEY_SECRET = "CLIENT_KEY_SECRET"  # noqa: S105
CLIENT_SECRET_KEYS = "CLIENT_SECRET_KEYS"  # noqa: S105
RECEIPT_SECRET = "RECEIPT_SECRET"  # noqa: S105
LISTENER_SECRET = "LISTENER_SECRET"  # noqa: S105
CLIENT_KEY = "PLAYLOG_KEY"
SECRET_BYTES = 32


class SecretsFile:
    """A small JSON file that only its owner can read."""

    def __init__(self, home: Path) -> None:
        self._path = home / "etc" / "secrets.json"
        self._values: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}

    def make_missing(self) -> None:
        """Gives every database user a password, and makes the secrets of the services."""
        for name in [user.name for user in USERS] + [CLIENT_KEY_SECRET, RECEIPT_SECRET, LISTENER_SECRET]:
            self._values.setdefault(name, secrets.token_hex(SECRET_BYTES))
        self._values.setdefault(CLIENT_SECRET_KEYS, f"local:{secrets.token_hex(SECRET_BYTES)}")
        self._save()

    def kafka_passwords(self, users: Sequence[str]) -> dict[str, str]:
        """A password for each user of Kafka, made where there is none."""
        for user in users:
            self._values.setdefault(f"kafka:{user}", secrets.token_hex(SECRET_BYTES))
        self._save()
        return {user: self._values[f"kafka:{user}"] for user in users}

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def remember(self, name: str, value: str) -> None:
        self._values[name] = value
        self._save()

    def passwords(self) -> dict[str, str]:
        return {user.name: self._values[user.name] for user in USERS}

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self._values, file, indent=2)
        new.replace(self._path)
