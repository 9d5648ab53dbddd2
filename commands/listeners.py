"""`playlog listeners`: what is kept of a listener, and how to be rid of it."""

import argparse
import getpass
import sys
from collections.abc import Mapping
from contextlib import closing

import MySQLdb

from common.config import load
from common.database import connect
from common.erasure import listener_hash
from common.locks import LockTaken
from listeners.config import ListenersConfig
from listeners.erasure import Erased, erase
from listeners.export import export
from listeners.registry import Listener

ABOUT = "export what is kept of a listener, or erase the name from it"

DESCRIPTION = """\
A listener is one id of one client, byte by byte as the client sent it.

  playlog listeners export --client acme --user-id listener-1 > listener.jsonl
  playlog listeners erase --client acme --user-id listener-1

export writes a JSON object a line: stored logs, dead letters, and rows of reports whose day has left the database.

erase puts one random token in the place of the listener's id and user agent: in stored logs, in dead letters and in
the files of reports. Counts, seconds and proofs stay as they are. Each final report that named the listener gets a
revision with the reason "erasure", and the older editions lose the name too. Logs of the listener that arrive later, or
are read from Kafka again, are stored under the same token. Cut off, it is simply run again.

It doesn't reach what isn't ours any more: files that were fetched, backups, and the records in Kafka, which go with the
topic's retention."""

EPILOG = """\
exit status: 0 done, 1 failed or something is left to do, 2 wrong usage, 75 a report is being made: later."""

#: The time that a look through a large day takes.
ANSWER_SECONDS = 3600
IDLE_SECONDS = 3600
MAX_USER_ID = 255


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    words = sub.add_subparsers(dest="action", metavar="export|erase", required=True)
    for name, about in (("export", "write what is kept, as JSON lines"), ("erase", "put a token in the name's place")):
        each = words.add_parser(name, help=about)
        each.add_argument("--client", required=True, help="the client's name")
        each.add_argument("--user-id", type=_user_id, required=True, help="the listener's id, exactly as it was sent")
        if name == "erase":
            each.add_argument(
                "--clear-doubtful",
                action="store_true",
                help="remove the values of dead letters that hold the id but can't be read as logs",
            )
            each.add_argument("--operator", default=None, help="who does it (default: the user's name)")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(ListenersConfig, environ)
    known = listener_hash(config.listener_secret.value, args.client, args.user_id)
    listener = Listener(args.client, args.user_id, known)
    try:
        with closing(
            connect(
                config.datacentre.database,
                config.datacentre.password,
                idle_seconds=IDLE_SECONDS,
                answer_seconds=ANSWER_SECONDS,
            )
        ) as connection:
            if args.action == "export":
                for line in export(connection, config.report_dir, listener):
                    print(line)
                return 0
            operator = args.operator or getpass.getuser()
            clears = args.clear_doubtful
            return _tell(erase(connection, config.report_dir, listener, operator, print, clears_doubtful=clears))
    except LockTaken as taken:
        print(f"NOT NOW: {taken}", file=sys.stderr)
        return 75
    except BrokenPipeError:
        raise
    except (MySQLdb.Error, OSError) as error:
        # The database's own words may quote a row.
        number = f"error {error.args[0] if error.args else 'unknown'}"
        print(f"It failed with {number}. What was done is kept: run it again.", file=sys.stderr)
        return 1


def _tell(done: Erased) -> int:
    print(f"{done.rows} rows of {done.days} days, {done.dead_letters} dead letters: now {done.token}")
    for day in done.revisions:
        print(f"{day}: the report has a revision, with the reason erasure")
    if done.cleared:
        print(f"The values of these dead letters are removed: {' '.join(map(str, done.cleared))}")
    if done.doubtful:
        ids = " ".join(map(str, done.doubtful))
        print(f"These dead letters may name the listener, but can't be read as logs: {ids}", file=sys.stderr)
        print("Look at each with `playlog dead-letters show`; --clear-doubtful removes their values.", file=sys.stderr)
    for day, reason in done.undone.items():
        print(f"{day}: its files are not done: {reason}", file=sys.stderr)
    return 1 if done.undone or done.doubtful else 0


def _user_id(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("must be UTF-8") from None
    if not 1 <= len(text) <= MAX_USER_ID:
        raise argparse.ArgumentTypeError(f"must have 1 to {MAX_USER_ID} characters")
    return text
