"""An erasure from beginning to end: the registry, the rows, the dead letters, and then the files, day by day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from MySQLdb.connections import Connection

from common.locks import REPORT_LOCK, named_lock
from listeners import files, letters, logs, registry
from listeners.registry import Listener
from reports.desk import Desk

LOCK_WAIT_SECONDS = 600


@dataclass
class Erased:
    """What was changed, and what an operator has to look at."""

    token: str
    rows: int = 0
    days: int = 0
    dead_letters: int = 0
    revisions: list[date] = field(default_factory=list)
    #: Letters that hold the id's bytes, but can't be read as logs.
    doubtful: list[int] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    #: Days whose files couldn't be done, and why. The next run takes them up.
    undone: dict[date, str] = field(default_factory=dict)


def erase(
    connection: Connection,
    root: Path,
    listener: Listener,
    operator: str,
    tell: Callable[[str], None],
    *,
    clears_doubtful: bool = False,
) -> Erased:
    """Puts a token in the place of the listener's id and user agent, everywhere; counts, seconds and proofs stay.

    Run again, it finds what an earlier run has left undone, and otherwise nothing. It has the report lock throughout:
    no report is made from rows that are half renamed. Raises LockTaken or MySQLdb.Error.
    """
    with named_lock(connection, REPORT_LOCK, LOCK_WAIT_SECONDS):
        done = Erased(registry.remember(connection, listener, operator))
        for renamed in logs.rename(connection, listener, done.token):
            done.rows += renamed.rows
            done.days += bool(renamed.rows)
            if renamed.rows:
                tell(f"{renamed.day}: {renamed.rows} rows renamed")
        found = letters.search(connection, listener, done.token, clears_doubtful=clears_doubtful)
        done.dead_letters = found.renamed
        done.doubtful = [] if clears_doubtful else found.doubtful
        done.cleared = found.doubtful if clears_doubtful else []
        _erase_files(connection, root, listener, operator, done)
        if not done.undone:
            registry.finish(connection, listener)
    return done


def _erase_files(connection: Connection, root: Path, listener: Listener, operator: str, done: Erased) -> None:
    desk = Desk(connection)
    name = files.Name(listener.client, listener.user_id, done.token)
    for day in sorted({*registry.open_days(connection, listener), *files.days_with_files(root, listener.client)}):
        try:
            if files.erase_day(root, desk, day, name, operator):
                done.revisions.append(day)
        except OSError as error:
            done.undone[day] = str(error)
        else:
            registry.close_day(connection, listener, day)
