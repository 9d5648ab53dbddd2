"""`playlog dead-letters`: what the persister couldn't store: looked at, stored after all, or given up."""

import argparse
import getpass
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date

import MySQLdb
from MySQLdb.connections import Connection

from commands._arguments import whole
from commands.letters import closing_words, pages
from common.config import load
from common.database import connect
from common.locks import LockTaken
from consumer.letters.book import Wanted
from consumer.letters.config import LettersConfig

ABOUT = "list, show, replay or drop what could not be stored"

DESCRIPTION = """\
A dead letter is a record of Kafka, or one log of it, that the database or this version couldn't take. It is kept whole,
with its place and the reason, and its neighbours are stored. Once the cause is mended:

  playlog dead-letters list                      how many there are, of whom, and why
  playlog dead-letters show 17                   one of them whole, with its value
  playlog dead-letters replay 17 18 --reason "column widened"
  playlog dead-letters replay --client acme --reason "version 1.4 reads schema 2"
  playlog dead-letters drop 17 --reason "not ours: a test of the network"

A replay stores the log in the database and is booked on the day of the replay: no final report changes, and the
report of that day names the first day. What still can't be stored stays open. An interrupted replay is run again."""

EPILOG = """\
exit status: 0 done, 1 failed or some could not be replayed, 2 wrong usage, 75 a report is being made: later."""

STATES = ("open", "replayed", "dropped")
#: While other sessions hold the report lock, this one is silent.
IDLE_SECONDS = 900


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    words = sub.add_subparsers(dest="action", metavar="list|show|replay|drop", required=True)
    listing = words.add_parser("list", help="sums by client and reason; with --each, every letter")
    listing.add_argument("--state", choices=(*STATES, "all"), default="open", help="which (default open)")
    listing.add_argument("--each", action="store_true", help="a line a letter, the oldest first")
    listing.add_argument("--limit", type=whole(1, 100_000), default=100, metavar="N", help="at most N (default 100)")
    listing.add_argument("--json", action="store_true", help="for machines: a JSON object a line")
    _filters(listing)
    showing = words.add_parser("show", help="one letter with its headers and its value, which may name a listener")
    showing.add_argument("id", type=whole(1, 2**63), metavar="ID", help="as list has it")
    for name, about in (("replay", "store them after all"), ("drop", "give them up for good")):
        each = words.add_parser(name, help=about)
        each.add_argument("ids", type=whole(1, 2**63), nargs="*", metavar="ID", help="these letters, by their numbers")
        each.add_argument("--all", action="store_true", help="every open letter")
        each.add_argument("--reason", required=True, help="why; it is kept with the letter")
        each.add_argument("--operator", default=None, help="who says so (default: the user's name)")
        if name == "replay":
            each.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        _filters(each)


def _filters(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--client", help="those of one client")
    sub.add_argument("--date", type=date.fromisoformat, metavar="DAY", help="those of one received day, YYYY-MM-DD")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(LettersConfig, environ)
    is_closing = args.action in {"replay", "drop"}
    if is_closing and not (args.ids or args.all or args.client or args.date):
        print("Name the letters: by id, --client, --date, or --all for every open one.", file=sys.stderr)
        return 2
    try:
        with closing(
            connect(config.datacentre.database, config.datacentre.password, idle_seconds=IDLE_SECONDS)
        ) as connection:
            return _perform(connection, args, config.listener_secret.value)
    except LockTaken as taken:
        print(f"NOT NOW: {taken}", file=sys.stderr)
        return 75
    except MySQLdb.Error as error:
        number = error.args[0] if error.args else "unknown"
        print(f"The database failed with error {number}: what was done is kept, run it again.", file=sys.stderr)
        return 1


def _perform(connection: Connection, args: argparse.Namespace, secret: str) -> int:
    if args.action == "show":
        return pages.show(connection, args.id, sys.stdout)
    if args.action == "list":
        wanted = Wanted(state=None if args.state == "all" else args.state, client=args.client, received_day=args.date)
        if args.each:
            return pages.each(connection, wanted, args.limit, sys.stdout, as_json=args.json)
        return pages.sums(connection, wanted, sys.stdout, as_json=args.json)
    wanted = Wanted(args.ids, "open", args.client, args.date)
    statement = closing_words.Statement(args.reason, args.operator or getpass.getuser())
    if args.action == "drop":
        return closing_words.drop(connection, wanted, statement)
    return closing_words.replay(connection, wanted, statement, secret, rehearse=args.dry_run)
