"""Adds clients, and gives, takes and re-seals their keys."""

from collections.abc import Mapping

import MySQLdb

from app.gateway import changes, table
from app.gateway.client import Client
from app.gateway.sealed import CannotUnseal
from commands.clienting.desk import MOST_LIVE_KEYS, Desk, complain, hand_out

HANDED = "This is its key, and below it the OAuth secret that signs; both are shown only now:"


def add(desk: Desk, name: str, services: Mapping[str, bool], limit: int | None, *, is_test: bool) -> int:
    """Adds a client with its first key."""
    live, key, secret = desk.make_key(Client(name, is_test, limit, services))
    try:
        changes.add_client(desk.connection, live, desk.clock.now())
    except MySQLdb.IntegrityError:
        complain(f"There is a client {name} already: choose another name. Names are never used again.")
        return 1
    if not services:
        complain(f"{name} may use nothing yet: playlog clients allow {name} logs.preview")
    complain(f"Added {name}, {'without a limit' if limit is None else f'{limit} requests a day (GMT)'}. {HANDED}")
    hand_out(key, secret)
    return 0


def rotate(desk: Desk, name: str) -> int:
    """Gives a client its second key; the first works on until it is revoked."""
    client, live = desk.live_client(name), desk.live_keys(name)
    if client is None:
        return 1
    if len(live) >= MOST_LIVE_KEYS:
        ids = ", ".join(key.key_id for key in live)
        complain(f"{name} has two live keys ({ids}): revoke the one that isn't used any more,")
        complain(f"see `playlog clients show {name}`, then `playlog clients revoke {name} --key ID`.")
        return 1
    made, key, secret = desk.make_key(Client(name))
    changes.add_key(desk.connection, made, desk.clock.now())
    complain(f"{name} has a second key, and the first works on. When the client has moved to the new one,")
    complain(f"`playlog clients show {name}` says when each was last used:")
    complain(f"playlog clients revoke {name} --key {live[0].key_id if live else 'ID'}")
    complain(HANDED)
    hand_out(key, secret)
    return 0


def revoke(desk: Desk, name: str, key_id: str | None) -> int:
    """Revokes a client, or one key of its two; a second time changes nothing."""
    if key_id is not None:
        return _revoke_key(desk, name, key_id)
    if changes.revoke_client(desk.connection, name, desk.clock.now()):
        complain(f"Revoked {name}: its keys are refused within two seconds.")
        return 0
    if table.one_client(desk.connection, name) is None:
        complain(f"There is no client {name}: `playlog clients list` prints those there are.")
        return 1
    complain(f"{name} was revoked before.")
    return 0


def _revoke_key(desk: Desk, name: str, key_id: str) -> int:
    if desk.live_client(name) is None:
        return 1
    known = [key for key in table.keys_of(desk.connection, name) if key.key_id == key_id]
    if not known:
        complain(f"{name} has no key {key_id}: `playlog clients show {name}` prints those it has.")
        return 1
    if known[0].revoked_at is not None:
        complain(f"The key {key_id} was revoked before.")
        return 0
    if len(desk.live_keys(name)) == 1:
        complain(f"{key_id} is the last live key of {name}. To revoke the client: playlog clients revoke {name}.")
        complain(f"To give it a new key first: playlog clients rotate {name}.")
        return 1
    changes.revoke_key(desk.connection, name, known[0].key_hmac, desk.clock.now())
    complain(f"Revoked the key {key_id} of {name}: it is refused within two seconds.")
    return 0


def rekey(desk: Desk) -> int:
    """Seals every secret under the newest key of CLIENT_SECRET_KEYS; run again, it does what is left."""
    newest, done, bad = desk.secret_keys.newest, 0, 0
    for client in table.all_clients(desk.connection):
        for key in table.keys_of(desk.connection, client.name):
            if key.sealed is None or key.sealed.key_id == newest:
                continue
            try:
                secret = desk.secret_keys.open(key.sealed, key.key_hmac)
            except CannotUnseal as error:
                complain(f"{client.name}, key {key.key_id}: can't be opened: {error}")
                bad += 1
                continue
            changes.reseal(desk.connection, key.key_hmac, key.sealed, desk.secret_keys.seal(secret, key.key_hmac))
            done += 1
    complain(
        f"{done} secrets are sealed with {newest} now" + (f"; {bad} could not be" if bad else "; no other is left")
    )
    return 1 if bad else 0
