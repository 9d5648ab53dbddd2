"""The tables client_usage and oauth_nonce of the region database: all their statements. None of them commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

import MySQLdb
from MySQLdb.connections import Connection

from app.gateway.account import SPARE
from common.database import rows, run

#: The guard stands in the statement: no two processes can both take the last one.
TAKE = """
UPDATE client_usage u JOIN client c ON c.name = u.client SET u.used = u.used + %s
WHERE u.day = %s AND u.client = %s AND u.used + %s <= c.daily_limit"""
#: Locks the row, and makes it where it is the day's first.
HOLD = "INSERT INTO client_usage (day, client, used) VALUES (%s, %s, 0) ON DUPLICATE KEY UPDATE used = used"
SEEN = """
SELECT u.used, c.daily_limit FROM client_usage u JOIN client c ON c.name = u.client
WHERE u.day = %s AND u.client = %s"""
ADD = "INSERT INTO client_usage (day, client, used) VALUES (%s, %s, %s) ON DUPLICATE KEY UPDATE used = used + %s"
SUBTRACT = "UPDATE client_usage SET used = used - LEAST(used, %s) WHERE day = %s AND client = %s"
USED_BY_LIMITED = """
SELECT u.client, u.used FROM client_usage u JOIN client c ON c.name = u.client
WHERE u.day = %s AND c.daily_limit IS NOT NULL"""
USED_BY_ALL = "SELECT client, used FROM client_usage WHERE day = %s ORDER BY client"

USE_NONCES = "INSERT INTO oauth_nonce (signed_at, nonce_hash) VALUES {values}"
TELL_NONCE = f"{USE_NONCES.format(values='(%s, %s)')} ON DUPLICATE KEY UPDATE signed_at = signed_at"
FORGET_NONCES = "DELETE FROM oauth_nonce WHERE signed_at < %s ORDER BY signed_at LIMIT 5000"
DUPLICATE = 1062

NOTE_KEY = "UPDATE client_key SET last_used_at = GREATEST(COALESCE(last_used_at, %s), %s) WHERE key_hmac = %s"

#: What the column holds: for a client whose limit was taken away a moment ago.
UNLIMITED = 4_294_967_295


class Taken(NamedTuple):
    """What came of a visit to the counter: requests granted, the counter after it, and the limit of the moment."""

    granted: int
    used: int
    limit: int


def take(connection: Connection, client: str, day: date, waiting: int, ahead: int) -> Taken:
    """Takes what waits and something ahead, or what is left. The row stays locked until the transaction ends."""
    wanted = waiting + ahead
    # The guard of a lease is wider: SPARE times what is taken ahead has to be left.
    if not run(connection, TAKE, (wanted, day, client, waiting + ahead * SPARE)):
        run(connection, HOLD, (day, client))
        used, limit = _seen(connection, day, client)
        wanted = min(waiting, max(0, limit - used))
        if wanted and not run(connection, TAKE, (wanted, day, client, wanted)):
            # Its limit was taken away: requests are counted, and no more than that.
            run(connection, ADD, (day, client, wanted, wanted))
    return Taken(wanted, *_seen(connection, day, client))


def _seen(connection: Connection, day: date, client: str) -> tuple[int, int]:
    found = cast("list[tuple[int, int | None]]", rows(connection, SEEN, (day, client)))
    # Neither: an old list in front of an emptied database. Nobody there has a limit to use up.
    used, limit = found[0] if found else (0, 0)
    return used, UNLIMITED if limit is None else limit


def add(connection: Connection, changes: Mapping[tuple[date, str], int]) -> None:
    """Adds to counters, or takes from them, in the order in which all processes lock them."""
    for (day, client), requests in sorted(changes.items()):
        if requests > 0:
            run(connection, ADD, (day, client, requests, requests))
        elif requests < 0:
            run(connection, SUBTRACT, (-requests, day, client))


def used_on(connection: Connection, day: date, *, is_all: bool = False) -> dict[str, int]:
    """The counters of a day by client: of all, or of those with a limit."""
    found = rows(connection, USED_BY_ALL if is_all else USED_BY_LIMITED, (day,))
    return {str(client): cast(int, used) for client, used in found}


def use_nonces(connection: Connection, nonces: Sequence[tuple[int, bytes]]) -> list[bool]:
    """Uses nonces up; says of each whether it was new. The table's refusal undoes a statement, not the transaction."""
    if not nonces:
        return []
    values = ", ".join(["(%s, %s)"] * len(nonces))
    try:
        run(connection, USE_NONCES.format(values=values), tuple(part for nonce in nonces for part in nonce))
    except MySQLdb.IntegrityError as error:
        if error.args[0] != DUPLICATE:
            raise
        if len(nonces) == 1:
            return [False]
        # One of them was used before: which, each says by itself.
        return [is_new for nonce in nonces for is_new in use_nonces(connection, [nonce])]
    return [True] * len(nonces)


def tell_nonces(connection: Connection, used: Iterable[tuple[int, bytes]]) -> None:
    """Nonces that were used while the table was away."""
    for signed_at, nonce_hash in sorted(used):
        run(connection, TELL_NONCE, (signed_at, nonce_hash))


def note_keys(connection: Connection, keys: Mapping[bytes, datetime]) -> None:
    """When keys were last used; a later moment stays."""
    for key_hmac, moment in sorted(keys.items()):
        at = moment.replace(tzinfo=None)
        run(connection, NOTE_KEY, (at, at, key_hmac))


def forget_nonces(connection: Connection, before: int) -> None:
    """Removes nonces whose timestamps nobody would accept any more."""
    run(connection, FORGET_NONCES, (before,))
