"""`playlog sample`: writes made-up play logs as JSON lines, for demos, tests and load, before `playlog send`."""

import argparse
import itertools
import json
import os
import random
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from commands._arguments import whole
from commands.sampling.habits import COUNTRIES
from commands.sampling.listeners import make_listeners
from commands.sampling.logs import STREAMS, SamplePlan, logs_of
from commands.sampling.tracks import BadTrackFile, make_tracks, tracks_from
from common.clock import Clock, SystemClock

ABOUT: str = "write made-up but realistic play logs as JSON lines"

DEFAULT_SEED = 1
#: The contract refuses plays of 61 days ago and more; a day is left for sending them.
MAX_DAYS_BACK = 59
MAX_USERS = 1_000_000
COUNTRY = re.compile(r"([A-Z]{2})(?:=([0-9]{1,6}(?:\.[0-9]{1,3})?))?")
WRITE_LOGS = 1000

MANUAL = """\
Writes play logs, one JSON object a line, as `playlog send` reads them. A few tracks and listeners make up much of the
plays; times, numbers and user agents come in the different forms that real clients use. No log is invalid, and none
lies in the future.

The same seed, --now and other arguments give the same bytes; a larger --logs only adds lines at the end.

examples:
  playlog sample --logs 100000 | playlog send -
  playlog sample --logs 500 --seed 7 --track-ids tracks.csv.gz --output logs.jsonl

exit status: 0 written, 1 a file can't be read or written, 2 wrong usage.
"""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description = MANUAL
    sub.add_argument("--logs", type=whole(0, 10**10), required=True, metavar="N", help="how many logs to write")
    sub.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help=f"another seed, other logs (default {DEFAULT_SEED})"
    )
    sub.add_argument(
        "--now", type=_moment, metavar="TIME", help="the end of the time played, in ISO 8601 with a zone (default: now)"
    )
    sub.add_argument(
        "--track-ids", type=Path, metavar="FILE",
        help="take the tracks from FILE: an id a line, or CSV with a column trackId; gzip or plain (default: made up)",
    )  # fmt: skip
    sub.add_argument(
        "--users", type=whole(1, MAX_USERS), default=20_000, metavar="N", help="how many listeners (default 20000)"
    )
    sub.add_argument(
        "--country", type=_country, action="append", metavar="CODE[=WEIGHT]",
        help="where the listeners are; repeat it for several (default: a table of 20 with XK)",
    )  # fmt: skip
    sub.add_argument(
        "--days-back", type=whole(1, MAX_DAYS_BACK), default=2, metavar="D",
        help="the plays began within the last D days (default 2)",
    )  # fmt: skip
    sub.add_argument("--stream", choices=STREAMS, default="preview", help="the kind of logs (default preview)")
    sub.add_argument("--with-ids", action="store_true", help="give each log an id, so that a repeat is recognised")
    sub.add_argument("--output", type=Path, metavar="FILE", help="write to FILE (default: standard output)")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    try:
        logs = itertools.islice(logs_of(args.stream, sample_plan(args, SystemClock())), args.logs)
        if args.output is None:
            return _to_pipe(logs, sys.stdout.buffer)
        with args.output.open("wb") as file:
            write(logs, file)
    except BadTrackFile as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{args.output} can't be written: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def sample_plan(args: argparse.Namespace, clock: Clock) -> SamplePlan:
    """What the arguments ask for. Raises BadTrackFile."""
    # Generators of their own: more users don't change the tracks, nor the other way round.
    tracks, listeners = random.Random(f"tracks {args.seed}"), random.Random(f"listeners {args.seed}")
    return SamplePlan(
        seed=args.seed,
        now=args.now or clock.now(),
        days_back=args.days_back,
        tracks=tracks_from(args.track_ids, tracks) if args.track_ids else make_tracks(tracks),
        listeners=make_listeners(listeners, args.users, args.country or COUNTRIES),
        with_ids=args.with_ids,
    )


def write(logs: Iterator[dict[str, object]], out: BinaryIO) -> None:
    """Writes the logs as JSON lines in UTF-8."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    while chunk := "".join(encode(item) + "\n" for item in itertools.islice(logs, WRITE_LOGS)):
        out.write(chunk.encode())


def _to_pipe(logs: Iterator[dict[str, object]], out: BinaryIO) -> int:
    try:
        write(logs, out)
        out.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return 1
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise argparse.ArgumentTypeError(f"{text!r} must be like 2026-11-24T10:00:00Z, with its zone")


def _country(text: str) -> tuple[str, float]:
    found = COUNTRY.fullmatch(text)
    weight = float(found[2] or 1) if found else 0.0
    if found is None or not weight:
        raise argparse.ArgumentTypeError(f"{text!r} must be two capital letters, with a weight if wanted: GB or GB=3.5")
    return found[1], weight
