"""The versions of the map in the region's database, and what each nginx serves of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import MySQLdb
import orjson
from MySQLdb.connections import Connection

from common.database import any_rows, run
from moving.plan import Plan, Step, plan_bytes, read_plan

NEWEST = "SELECT version, plan FROM move_version ORDER BY version DESC LIMIT 1"
NEWEST_NUMBER = "SELECT COALESCE(MAX(version), 0) FROM move_version"
APPEND = (
    "INSERT INTO move_version (version, plan, action, about, operator, reason, evidence_json, made_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, UTC_TIMESTAMP(6))"
)
HISTORY = (
    "SELECT version, action, about, operator, reason, evidence_json, made_at FROM move_version"
    " ORDER BY version DESC LIMIT %s"
)
REPORT = (
    "INSERT INTO move_nginx (name, version, problem, seen_at) VALUES (%s, %s, %s, UTC_TIMESTAMP(6))"
    " ON DUPLICATE KEY UPDATE version = %s, problem = %s, seen_at = UTC_TIMESTAMP(6)"
)
LEAVE = "DELETE FROM move_nginx WHERE name = %s"
INSTANCES = (
    "SELECT name, version, problem, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)) / 1000000"
    " FROM move_nginx WHERE seen_at > UTC_TIMESTAMP(6) - INTERVAL %s HOUR ORDER BY name"
)
FORGET_SILENT = "DELETE FROM move_nginx WHERE name = %s AND seen_at < UTC_TIMESTAMP(6) - INTERVAL %s SECOND"

#: An nginx whose follower said nothing for longer may not follow any more.
LIVE_SECONDS = 10
#: For so long a silent one is named: it may still serve what it had.
REMEMBERED_HOURS = 24
DUPLICATE = 1062


class Overtaken(Exception):
    """Somebody else made a version meanwhile: read it, and decide again."""


@dataclass(frozen=True)
class Instance:
    """One nginx: the version that it serves, what keeps it from a newer one, and when it was last heard of."""

    name: str
    version: int
    problem: str | None
    silent_seconds: float

    @property
    def is_live(self) -> bool:
        return self.silent_seconds <= LIVE_SECONDS


@dataclass(frozen=True)
class Entry:
    """One version of the history."""

    version: int
    action: str
    about: str
    operator: str
    reason: str | None
    evidence: dict[str, Any]
    made_at: datetime


def newest_number(connection: Connection) -> int:
    """The newest version's number; 0 before the first. Ends its transaction."""
    ((number,),) = any_rows(connection, NEWEST_NUMBER)
    connection.rollback()
    return int(number)


def newest(connection: Connection) -> Plan:
    """The plan that holds; an empty one of version 0 before the first. Raises BadPlan, MySQLdb.Error."""
    found = any_rows(connection, NEWEST)
    connection.rollback()
    return read_plan(int(found[0][0]), found[0][1]) if found else Plan()


def append(connection: Connection, step: Step) -> None:
    """Makes a version the newest, in a transaction of its own. Raises Overtaken when its number is taken."""
    evidence = orjson.dumps(step.evidence) if step.evidence else None
    values = (step.plan.version, plan_bytes(step.plan), step.action, step.about, step.operator, step.reason, evidence)
    try:
        run(connection, APPEND, values)
    except MySQLdb.IntegrityError as error:
        connection.rollback()
        if error.args[0] != DUPLICATE:
            raise
        raise Overtaken(f"version {step.plan.version} was made by somebody else meanwhile") from None
    connection.commit()


def history(connection: Connection, most: int) -> list[Entry]:
    """The last versions, the newest first."""
    found = any_rows(connection, HISTORY, (most,))
    connection.rollback()
    return [
        Entry(version, action, about, operator, reason, orjson.loads(evidence) if evidence else {}, made_at)
        for version, action, about, operator, reason, evidence, made_at in found
    ]


def report(connection: Connection, name: str, version: int, problem: str | None) -> None:
    """Says what an nginx serves."""
    run(connection, REPORT, (name, version, problem, version, problem))
    connection.commit()


def leave(connection: Connection, name: str) -> None:
    """An nginx that is stopped follows no more."""
    run(connection, LEAVE, (name,))
    connection.commit()


def instances(connection: Connection) -> Sequence[Instance]:
    """Those that were heard of within a day."""
    found = any_rows(connection, INSTANCES, (REMEMBERED_HOURS,))
    connection.rollback()
    return [Instance(name, int(version), problem, float(silent)) for name, version, problem, silent in found]


def forget(connection: Connection, name: str) -> bool:
    """Forgets an nginx that is gone; False for one that lives, or isn't there."""
    gone = run(connection, FORGET_SILENT, (name, LIVE_SECONDS))
    connection.commit()
    return gone > 0
