"""`playlog migrate`: brings the databases to this version's tables, and makes the coming days' partitions."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import MySQLdb

import migrations
from common.clock import Clock, SystemClock
from common.config import BadSettings, load
from common.database import connect
from common.locks import LockTaken
from migrations.config import DatacentreSettings, RegionSettings
from migrations.days import add_days
from migrations.files import BadMigrations, read_migrations
from migrations.removal import remove_old
from migrations.runner import migrate

ABOUT = "bring the databases to this version's tables, and make the coming days' partitions"
DESCRIPTION = """\
Applies the migrations that a database doesn't have yet, in order, each once; then adds the partitions of the coming
days in the data centre, and removes what has been kept long enough: days of play_log that are final and handed over,
after PLAY_LOG_RETENTION_DAYS (docs/retention.md). Safe to repeat: run it at every deploy, and every day.

  playlog migrate                                 both databases
  playlog migrate datacentre                      what cron runs each night
  playlog migrate region --no-retention           tables alone

It connects as a user who may change tables. grants.sql isn't run: an administrator does that, after it."""

EPILOG = """\
exit status: 0 done, 1 failed: what was done is kept, and it is safe to run again, 2 wrong usage, 78 a wrong setting."""

FOLDER = Path(migrations.__file__).parent
KINDS: dict[str, type[RegionSettings] | type[DatacentreSettings]] = {
    "region": RegionSettings,
    "datacentre": DatacentreSettings,
}
#: Longer than any wait for a lock, during which the session is idle.
IDLE_SECONDS = 900
#: A change of a large table copies it.
ANSWER_SECONDS = 3600


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    which = sub.add_mutually_exclusive_group()
    databases = ("region", "datacentre", "all")
    which.add_argument("database", nargs="?", choices=databases, default="all", help="which of them (default all)")
    for word in KINDS:
        which.add_argument(f"--{word}", dest="flag", action="store_const", const=word, help=f"the same as {word}")
    sub.add_argument("--no-retention", action="store_true", help="remove nothing")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    database = args.flag or args.database
    wanted = ("region", "datacentre") if database == "all" else (database,)
    for word, each in settings_of(wanted, environ):
        try:
            bring_up(word, each, SystemClock(), print, time.sleep, removes=not args.no_retention)
        except (BadMigrations, LockTaken) as error:
            print(f"{word}: {error}", file=sys.stderr)
            return 1
        except MySQLdb.Error as error:
            print(f"{word}: the database can't be used: {error.args}", file=sys.stderr)
            return 1
    return 0


def settings_of(
    wanted: Sequence[str], environ: Mapping[str, str]
) -> list[tuple[str, RegionSettings | DatacentreSettings]]:
    """All of them before anything is changed. Raises BadSettings with what is wrong in any."""
    found: list[tuple[str, RegionSettings | DatacentreSettings]] = []
    problems: list[str] = []
    for word in wanted:
        try:
            found.append((word, load(KINDS[word], environ)))
        except BadSettings as bad:
            problems.extend(bad.problems)
    if problems:
        raise BadSettings(dict.fromkeys(problems))
    return found


def bring_up(
    word: str,
    settings: RegionSettings | DatacentreSettings,
    clock: Clock,
    tell: Callable[[str], None],
    sleep: Callable[[float], None],
    *,
    removes: bool = True,
) -> None:
    """Applies what is pending to one database; in the data centre, makes the days and removes what is old too."""
    with closing(
        connect(settings.database, settings.password, idle_seconds=IDLE_SECONDS, answer_seconds=ANSWER_SECONDS)
    ) as connection:
        applied = migrate(connection, read_migrations(FOLDER / word), clock, tell)
        changed = 0
        if isinstance(settings, DatacentreSettings):
            today = clock.now().date()
            changed += sum(add_days(connection, today, tell, sleep).values())
            if removes:
                changed += remove_old(connection, today, settings.keep, tell, sleep)
    if not applied and not changed:
        tell(f"{word}: up to date")
