"""`playlog catalogue`: fills the catalogue, has it published, proves that every copy is equal, and mends what isn't."""

import argparse
import getpass
import re
import sys
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path

import MySQLdb

from commands._arguments import whole

ABOUT = "load, publish, prove, repair and replay the catalogue"

DESCRIPTION = """\
The catalogue's own tables lie in the data centre. `playlog catalogue-produce` sends what changes there to Kafka, and
`playlog catalogue-consume` keeps each region's copy of it.

  playlog catalogue load-feed release-updates.gz --country GB
  playlog catalogue sample --releases 1000        a made-up catalogue, for demos and load
  playlog catalogue publish --release 1463        one album, whole, whether it changed or not
  playlog catalogue publish --all                 everything; what regions have and the data centre hasn't, goes
  playlog catalogue takedown 1463 --reason "…"    out of the catalogue, in every country

  playlog catalogue verify                        source = published, and published = region
  playlog catalogue verify --output different     the releases that differ, for repair
  playlog catalogue repair --differences different
  playlog catalogue trace 1463                    each hop of one album; --track ID finds the album of a track
  playlog catalogue replay --into mysql://USER@HOST:PORT/SCHEMA --until 2026-11-27T06:00:00Z
  playlog catalogue trim --dry-run                what lies before the last two whole loads

verify has two legs. In the data centre it compares the tables with what was published; in a region what was published
with the tables there, by the digests that travel in the topic itself: no database of the other side is asked. Writes go
on meanwhile. Where all settings are there, as on one machine, both legs are run."""

EPILOG = """\
exit status: 0 done or equal, 1 failed or not equal, 2 wrong usage, 75 not done yet: the producer goes on
with it, or a region that is new still reads (verify)."""

#: Module and function below commands.cataloguing: one is imported, not all of them.
ACTIONS = {
    "load-feed": ("fill", "load_feed"),
    "sample": ("fill", "sample"),
    "publish": ("publish", "publish"),
    "takedown": ("publish", "takedown"),
    "verify": ("proving", "verify"),
    "repair": ("proving", "repair"),
    "trace": ("tracing", "trace"),
    "replay": ("history", "replay"),
    "trim": ("history", "trim"),
}


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    words = sub.add_subparsers(dest="action", metavar="|".join(ACTIONS), required=True)
    feed = words.add_parser(
        "load-feed",
        help="a feed file: artists, releases or tracks of one country, full or of updates",
        description="All of the file is read first: when a line is bad, nothing is loaded, and each is named.",
    )
    feed.add_argument("file", type=Path, metavar="FILE", help="CSV, gzip or plain")
    feed.add_argument("--country", type=_country, default="GB", help="whose feed it is, ISO 3166-1 (default GB)")
    feed.add_argument("--currency", type=_currency, default="GBP", help="of its prices, ISO 4217 (default GBP)")
    feed.add_argument("--day", type=date.fromisoformat, help="the feed's day, YYYY-MM-DD (default today, UTC)")
    feed.add_argument("--force", action="store_true", help="load it though a feed of a later day was loaded")
    feed.add_argument("--skip-bad", action="store_true", help="load the good lines, and name the others")
    sample = words.add_parser("sample", help="make up a catalogue: ten tracks a release on average")
    sample.add_argument("--releases", type=whole(1, 2_000_000), required=True, metavar="N", help="how many")
    sample.add_argument("--seed", type=int, default=1, help="another seed, other names (default 1)")
    publishing = words.add_parser("publish", help="send one album or everything, whether it changed or not")
    which = publishing.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="everything, beside what changes meanwhile")
    which.add_argument("--release", type=whole(1, 2**32 - 1), action="append", metavar="ID", help="may be repeated")
    publishing.add_argument(
        "--adopt-topic", action="store_true", help="with --all: the topic was made again; begin anew with it"
    )
    publishing.add_argument(
        "--fewer", action="store_true", help="with --all: though a tenth or more of what is published is gone"
    )
    publishing.add_argument("--no-wait", action="store_true", help="ask for it, and don't wait until it is done")
    publishing.add_argument("--operator", default=None, help="who says so (default: the user's name)")
    _proof_parsers(words)
    takedown = words.add_parser("takedown", help="delete a release and its tracks, in every country")
    takedown.add_argument("release", type=whole(1, 2**32 - 1), nargs="+", metavar="ID", help="of a release")
    takedown.add_argument("--reason", required=True, help="why; it is logged")


def _proof_parsers(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verifying = words.add_parser("verify", help="prove that source, topic and region are equal, and name what isn't")
    verifying.add_argument("--leg", choices=("published", "region"), help="one leg alone")
    verifying.add_argument("--from-log", action="store_true", help="read the topic even where all sums agree")
    verifying.add_argument("--output", type=Path, metavar="FILE", help="a JSON object for each release that differs")
    repairing = words.add_parser("repair", help="publish just the releases that differ, as newer versions")
    repairing.add_argument("--differences", type=Path, metavar="FILE", help="what verify --output wrote")
    repairing.add_argument("--release", type=whole(1, 2**32 - 1), action="append", metavar="ID", help="may be repeated")
    repairing.add_argument("--no-wait", action="store_true", help="don't wait until they are sent")
    tracing_one = words.add_parser("trace", help="where one album is, hop by hop")
    tracing_one.add_argument("id", type=whole(1, 2**32 - 1), metavar="ID", help="of the album's release")
    tracing_one.add_argument("--track", action="store_true", help="ID is a track's: trace the album that it is on")
    tracing_one.add_argument(
        "--records", type=whole(1, 10_000), default=10, metavar="N", help="the last N (default 10)"
    )
    replaying = words.add_parser(
        "replay",
        help="read the topic from its beginning into an empty database",
        description="Makes the tables where they are missing, stores every record as a region does, and compares the"
        " result with the last mark met. Before: CREATE SCHEMA replayed; CREATE USER replayer IDENTIFIED BY '…'; GRANT"
        " ALL ON replayed.* TO replayer. The password goes into REPLAY_DB_PASSWORD. Exit status 0: equal; 1: not.",
    )
    replaying.add_argument("--into", required=True, metavar="URL", help="mysql://USER@HOST:PORT/SCHEMA, empty")
    replaying.add_argument(
        "--until", default="end", help="end, a checkpoint's number, a moment, or PARTITION:OFFSET[,…] (default end)"
    )
    trimming = words.add_parser("trim", help="cut the topic's history before the last two whole loads")
    trimming.add_argument("--dry-run", action="store_true", help="say what would be cut")
    trimming.add_argument(
        "--group", action="append", metavar="GROUP", help="a region's group that must have read so far; may be repeated"
    )


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from commands.cataloguing.desk import Desk

    module, name = ACTIONS[args.action]
    act = getattr(import_module(f"commands.cataloguing.{module}"), name)
    operator = getattr(args, "operator", None) or getpass.getuser()
    try:
        return int(act(Desk(environ, operator), args))
    except MySQLdb.Error as error:
        number = error.args[0] if error.args else "unknown"
        print(f"The database failed with error {number}: what was done is kept, run it again.", file=sys.stderr)
        return 1


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a country's two letters")
    return text.upper()


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a currency's three letters")
    return text.upper()
