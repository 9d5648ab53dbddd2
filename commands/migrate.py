"""`playlog migrate`: brings the databases to this version's tables, and makes the coming days' partitions."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import MySQLdb

import migrations
from common.clock import Clock, SystemClock
from common.config import load
from common.database import connect
from common.locks import LockTaken
from migrations.config import DatacentreSettings, RegionSettings
from migrations.days import add_days
from migrations.files import BadMigrations, read_migrations
from migrations.runner import migrate

ABOUT = "bring the databases to this version's tables, and make the coming days' partitions"
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
    sub.description = (
        "Applies the migrations that a database doesn't have yet, in order, each once; then adds the partitions of the"
        " coming days in the data centre. Safe to repeat: run it at every deploy, and every day for the partitions."
        " Needs the *_DB_URL and *_DB_PASSWORD of the chosen databases, as a user who may change tables."
        " grants.sql is not run: an administrator does that."
    )
    sub.add_argument("database", nargs="?", choices=("region", "datacentre", "all"), default="all")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    wanted = ("region", "datacentre") if args.database == "all" else (args.database,)
    # All settings first: a missing one is found before anything is changed.
    settings = [(word, load(KINDS[word], environ)) for word in wanted]
    for word, each in settings:
        try:
            bring_up(word, each, SystemClock(), print, time.sleep)
        except (BadMigrations, LockTaken) as error:
            print(f"{word}: {error}", file=sys.stderr)
            return 1
        except MySQLdb.Error as error:
            print(f"{word}: the database can't be used: {error.args}", file=sys.stderr)
            return 1
    return 0


def bring_up(
    word: str,
    settings: RegionSettings | DatacentreSettings,
    clock: Clock,
    tell: Callable[[str], None],
    sleep: Callable[[float], None],
) -> None:
    """Applies what is pending to one database; in the data centre, makes the days too."""
    with closing(
        connect(settings.url, settings.password, idle_seconds=IDLE_SECONDS, answer_seconds=ANSWER_SECONDS)
    ) as connection:
        applied = migrate(connection, read_migrations(FOLDER / word), clock, tell)
        added = add_days(connection, clock.now().date(), tell, sleep) if word == "datacentre" else {}
    if not applied and not any(added.values()):
        tell(f"{word}: up to date")
