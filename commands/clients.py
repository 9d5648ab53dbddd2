"""`playlog clients`: adds, lists and revokes the clients that may send logs."""

import argparse
import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import MySQLdb
from MySQLdb.connections import Connection

from app.gateway import table
from app.gateway.keys import hash_key
from common.clock import Clock, SystemClock
from common.config import load, setting
from common.converters import one_of, secret, text
from common.database import DatabaseUrl, connect, database_url
from common.environment import refuse_plaintext
from common.records import CLIENT_NAME_RULE

ABOUT = "add, list and revoke the clients that may send logs"

#: 128 bits: nobody guesses one.
KEY_BYTES = 16


@dataclass(frozen=True)
class ClientsConfig:
    """What `playlog clients` reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    region: DatabaseUrl = setting("REGION_DB_URL", database_url, "the region database as mysql://USER@HOST:PORT/SCHEMA")
    password: str = setting("REGION_DB_PASSWORD", text, "the password of REGION_DB_URL's user", secret=True)
    client_key_secret: str = setting(
        "CLIENT_KEY_SECRET", secret, "the secret under which client keys are hashed", secret=True
    )

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, None, ("REGION_DB_URL", self.region))


def parser(sub: argparse.ArgumentParser) -> None:
    sub.description = (
        "The clients live in the region database; the web processes see a change within two seconds. A key is printed"
        " when it is made and never again: the database holds its HMAC under CLIENT_KEY_SECRET alone, which has to be"
        " the web processes' own."
    )
    actions = sub.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a client, and print its key once")
    add.add_argument("name", metavar="NAME", type=client_name)
    add.add_argument("--test", action="store_true", help="its logs are stored and counted, but reach no partner's file")
    actions.add_parser("list", help="print all clients, without keys")
    revoke = actions.add_parser("revoke", help="refuse a client's key from now on")
    revoke.add_argument("name", metavar="NAME", type=client_name)


def client_name(value: str) -> str:
    """A client's name: it stands in records, receipts and names of files."""
    if not re.fullmatch(CLIENT_NAME_RULE, value):
        raise argparse.ArgumentTypeError("must have 1 to 64 letters, digits, - or _")
    return value


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(ClientsConfig, environ)
    try:
        with closing(connect(config.region, config.password)) as connection:
            if args.action == "add":
                return add(connection, args.name, args.test, config.client_key_secret, SystemClock())
            if args.action == "revoke":
                return revoke(connection, args.name, SystemClock())
            return show(connection)
    except MySQLdb.Error as error:
        print(f"The region database can't be used: {error.args}. Check REGION_DB_URL.", file=sys.stderr)
        return 1


def add(connection: Connection, name: str, is_test: bool, key_secret: str, clock: Clock) -> int:
    """Adds a client and prints its key: alone on standard output, for a script to take."""
    key = secrets.token_hex(KEY_BYTES)
    try:
        table.add_client(connection, name, hash_key(key, key_secret), is_test, clock.now())
    except MySQLdb.IntegrityError:
        print(f"There is a client {name} already: choose another name. Names are never used again.", file=sys.stderr)
        return 1
    print(f"Added {name}. This is its key, shown only now:", file=sys.stderr)
    print(key)
    return 0


def revoke(connection: Connection, name: str, clock: Clock) -> int:
    """Revokes a client's key; a second time changes nothing."""
    if table.revoke_client(connection, name, clock.now()):
        print(f"Revoked {name}: its key is refused within two seconds.", file=sys.stderr)
        return 0
    if table.one_client(connection, name) is None:
        print(f"There is no client {name}: `playlog clients list` prints those there are.", file=sys.stderr)
        return 1
    print(f"{name} was revoked before.", file=sys.stderr)
    return 0


def show(connection: Connection) -> int:
    """Prints a line a client: name, kind, when added, when revoked."""
    for name, is_test, added, revoked in table.all_clients(connection):
        kind = "test" if is_test else "live"
        print(f"{name}\t{kind}\t{added:%Y-%m-%dT%H:%M:%SZ}\t{f'{revoked:%Y-%m-%dT%H:%M:%SZ}' if revoked else '-'}")
    return 0
