"""What the actions of `playlog clients` share: the connection, the secrets, the clock, and how keys are made."""

import secrets
import sys
from dataclasses import dataclass

from MySQLdb.connections import Connection

from app.gateway import changes, table
from app.gateway.client import Client, LiveKey
from app.gateway.keys import hash_key
from app.gateway.sealed import SealingKeys
from app.gateway.table import ClientLine, KeyLine
from common.clock import Clock

#: 128 bits: nobody guesses one.
KEY_BYTES = 16
#: One for the partner's old software, one for the new.
MOST_LIVE_KEYS = 2


@dataclass(frozen=True)
class Desk:
    """Where an action is done."""

    connection: Connection
    key_secret: str
    secret_keys: SealingKeys
    clock: Clock

    def make_key(self, client: Client) -> tuple[LiveKey, str, str]:
        """A new key of a client, as it is stored; and in plain text the key and its OAuth secret."""
        key, secret = secrets.token_hex(KEY_BYTES), secrets.token_hex(KEY_BYTES)
        key_hmac = hash_key(key, self.key_secret)
        return LiveKey(client, key_hmac, self.secret_keys.seal(secret, key_hmac)), key, secret

    def live_client(self, name: str) -> ClientLine | None:
        """A client that isn't revoked; else says what is wrong."""
        found = table.one_client(self.connection, name)
        if found is None:
            complain(f"There is no client {name}: `playlog clients list` prints those there are.")
        elif found.revoked_at is not None:
            complain(f"{name} was revoked on {found.revoked_at:%Y-%m-%d}, for good: add a client of another name.")
            return None
        else:
            changes.adopt(self.connection, name)
        return found

    def live_keys(self, name: str) -> list[KeyLine]:
        """The keys of a client that aren't revoked, the oldest first."""
        return [key for key in table.keys_of(self.connection, name) if key.revoked_at is None]


def complain(text: str) -> None:
    """For the person: standard output is for a script to take."""
    print(text, file=sys.stderr)


def hand_out(key: str, secret: str) -> None:
    """Prints a key and its secret, a line each."""
    print(key)
    print(secret)
