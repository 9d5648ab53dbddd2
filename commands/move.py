"""`playlog move`: moves URLs from the legacy API to ours, one at a time, by evidence; and back in one command."""

import argparse
import getpass
import sys
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module
from pathlib import Path

import MySQLdb

from commands._arguments import whole

ABOUT = "move URLs from the legacy API to ours, compare both, and move them back"

DESCRIPTION = """\
nginx sends each request to the legacy API or to ours by a map; the map is a numbered version in the region's database,
and `playlog moves follow` beside each nginx puts the newest one in place.

  playlog move shadow 100                         compare every request that both could answer
  playlog move report                             what both answer, and where they differ
  playlog move add --path /1.2/track/details --client acme --track 123456
  playlog move add --path /1.2/track/details --ratio 5        for 5 % of the clients
  playlog move ratio 7 20                         of move 7; members stay members
  playlog move remove 7                           back to the legacy API; --all: everything
  playlog move list
  playlog move history                            every version, who made it, why, and by what evidence

The move that says most about a request decides: client and track, then client, then track, then the path alone. GET
and HEAD are moved; everything else goes to the legacy API. Who may ask stays the same: legacy.track or legacy.* is
enough for what has moved, and tracks for what hasn't.

add, and ratio upwards, pass a gate: of the newest comparisons of just that (--least, 100) none differs beyond noise or
failed, p95 of ours is within --slower (1.5) times the legacy API's or below 50 ms, and the region's catalogue is proved
equal. --force --reason passes it, and the history keeps what was against it. remove passes no gate. The comparator
takes a move back by itself when its failures or differences pass a bound."""

EPILOG = """\
exit status: 0 every nginx has it, 1 failed, or refused by the gate, 2 wrong usage, 75 made, an nginx hasn't it."""

#: Module and function below commands.mover: one is imported, not all of them.
ACTIONS = {
    "add": ("changes", "add"),
    "ratio": ("changes", "ratio"),
    "remove": ("changes", "remove"),
    "shadow": ("changes", "shadow"),
    "list": ("looks", "show"),
    "history": ("looks", "history"),
    "report": ("looks", "report"),
    "forget": ("changes", "forget"),
}
MOST_MINUTES = 60 * 24 * 365


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    words = sub.add_subparsers(dest="action", metavar="|".join(ACTIONS), required=True)
    adding = words.add_parser("add", help="move a path, a client's, a track's, or a share of it")
    adding.add_argument("--path", required=True, help="for example /1.2/track/details")
    adding.add_argument("--client", metavar="NAME", help="of this client alone")
    adding.add_argument("--track", metavar="ID", help="for this track alone")
    adding.add_argument("--ratio", type=percent, default=100.0, metavar="PERCENT", help="a share of it (default 100)")
    _gated(adding)
    changing = words.add_parser("ratio", help="another share of a move; who was in at less stays in")
    changing.add_argument("move", type=whole(1, 2**32 - 1), metavar="MOVE", help="its number, as list has it")
    changing.add_argument("ratio", type=percent, metavar="PERCENT", help="of the requests that it is about")
    _gated(changing)
    removing = words.add_parser("remove", help="back to the legacy API, in one command")
    which = removing.add_mutually_exclusive_group(required=True)
    which.add_argument("move", type=whole(1, 2**32 - 1), nargs="?", metavar="MOVE", help="its number, as list has it")
    which.add_argument("--all", action="store_true", help="everything")
    _reasoned(removing)
    shadowing = words.add_parser("shadow", help="how much of what both could answer is compared")
    shadowing.add_argument("share", type=percent, metavar="PERCENT", help="0 for nothing")
    _reasoned(shadowing)
    words.add_parser("list", help="what is moved, and which version each nginx serves").add_argument(
        "--json", action="store_true", help="for programs"
    )
    past = words.add_parser("history", help="every version: who, when, why, by what evidence")
    past.add_argument("--last", type=whole(1, 100_000), default=20, metavar="N", help="so many (default 20)")
    past.add_argument("--json", action="store_true", help="for programs, with all of the evidence")
    _reporting(words.add_parser("report", help="what the comparisons say"))
    gone = words.add_parser("forget", help="an nginx that is gone for good, and couldn't say so")
    gone.add_argument("name", metavar="NAME", help="as list has it")


def _gated(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--by", choices=("client", "track"), help="what a share is told apart by (default: what can be)")
    sub.add_argument(
        "--least", type=whole(1, 100_000), default=100, metavar="N", help="comparisons that are wanted (default 100)"
    )
    sub.add_argument(
        "--slower", type=factor, default=1.5, metavar="X", help="p95 of ours may be X times the legacy API's"
    )
    sub.add_argument("--force", action="store_true", help="pass the gate; needs --reason")
    _reasoned(sub)


def _reasoned(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--reason", help="why; it is kept in the history")
    sub.add_argument(
        "--wait", type=whole(0, 600), default=15, metavar="S", help="seconds to wait for every nginx (default 15)"
    )


def _reporting(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--minutes", type=whole(1, MOST_MINUTES), default=60, metavar="N", help="of the last so many (default 60)"
    )
    sub.add_argument("--path", help="of this path alone")
    sub.add_argument("--client", metavar="NAME", help="of this client alone")
    sub.add_argument("--track", metavar="ID", help="for this track alone")
    how = sub.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="for programs")
    how.add_argument("--html", type=Path, metavar="FILE", help="as a page")


def percent(text: str) -> float:
    """A share, in percent."""
    try:
        found = float(text.removesuffix("%"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage") from None
    if not 0 <= found <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not from 0 to 100")
    return found


def factor(text: str) -> float:
    """How many times as long."""
    try:
        found = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 1 <= found <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not from 1 to 100")
    return found


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from commands.mover.desk import Desk
    from common.config import load
    from common.database import connect
    from moving.config import MoveConfig
    from moving.plan import BadPlan
    from moving.table import Overtaken

    if getattr(args, "force", False) and not args.reason:
        print("--force needs --reason: it is kept in the history.", file=sys.stderr)
        return 2
    config = load(MoveConfig, environ)
    module, name = ACTIONS[args.action]
    act = getattr(import_module(f"commands.mover.{module}"), name)
    try:
        with closing(connect(config.region.database, config.region.password, idle_seconds=900)) as connection:
            return int(act(Desk(connection, config, getpass.getuser()), args))
    except BadPlan as bad:
        print(f"{bad}.", file=sys.stderr)
        return 2
    except Overtaken as error:
        print(f"{error}: run it again.", file=sys.stderr)
        return 1
    except MySQLdb.Error as error:
        number = error.args[0] if error.args else "unknown"
        print(
            f"The region database failed with error {number}: check REGION_DB_URL, and run it again.", file=sys.stderr
        )
        return 1
