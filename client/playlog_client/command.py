"""`playlog send`: posts files of play logs to a Playlog server, each log once, and says what became of them."""

import argparse
import random
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from playlog_client.arguments import seconds, settlement, whole
from playlog_client.attempts import Attempts
from playlog_client.batch import Target
from playlog_client.delivery import Delivery
from playlog_client.inputs import Inputs, open_inputs
from playlog_client.progress import Bar, PlainLines, Progress
from playlog_client.receipts import receipts
from playlog_client.shipment import settle, ship, tally_of
from playlog_client.state_file import BadState
from playlog_client.streams import PREVIEW, STREAMS
from playlog_client.tally import Tally
from playlog_client.timer import SystemTimer, Timer
from playlog_client.transport import HttpTransport, problem_with_url

ABOUT: str = "post files of play logs to a server, each log once, whatever is killed"

MOST_LOGS = 500
MOST_CONNECTIONS = 64

MANUAL = """\
Posts play logs to a Playlog server in batches. Reads JSON lines (a log a line), plain or gzip, from files, or from
standard input for `-`. Holds a few batches in memory, however large the input is.

  playlog send logs.jsonl.gz --receipts receipts.txt
  playlog sample --logs 1000 | playlog send -

Each batch gets a key, saved in the state file before its first try. So a send that was killed or gave up is run again
by the same command: what was accepted isn't posted again, the rest goes under the same keys, and nothing counts twice.
The state file lies beside the first FILE, as FILE.playlog-state; while it is there, the same FILE isn't sent again.

Standard input can't be read twice: without --state, a killed send of `-` can't be resumed. With --state STATE what is
read is kept in STATE.spool first, and `playlog send STATE.spool --state STATE` finishes it.

A request of the streams subscription and catalogue is of one listener and one country, which its address names: they
are taken from the logs, userId and country. Lines of one listener that follow each other go together; sort them so.

A batch of which a try got no answer 13 days ago isn't sent again by itself: the server may have forgotten its key. Ask
its operator, and say the answer by --settle, which sends nothing: an answer holds for the tries before it alone.

Busy or unreachable servers (503, 502, 504, 408, 429, no reply) are tried again, with growing pauses. Logs that the
server refuses are listed on standard output as FILE:LINE: POINTER [RULE] MESSAGE, and the rest of their batch is sent
without them. The key is sent in a header, never in the address.
"""

EPILOG = """\
environment: PLAYLOG_URL, PLAYLOG_KEY.
exit status: 0 all logs are accepted; 1 some are refused or given up, or the send was stopped; 2 wrong usage.
"""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = MANUAL, EPILOG
    add = sub.add_argument
    add("files", nargs="+", metavar="FILE", help="JSON lines, plain or gzip; - is standard input, alone")
    add("--url", help="the server's address (default: $PLAYLOG_URL)")
    add("--key", help="your key; others on this machine can see arguments, so $PLAYLOG_KEY is better")
    add("--stream", choices=tuple(STREAMS), default=PREVIEW.name, help="the kind of logs (default preview)")
    add("--country", default="GB", help="the country of a request whose logs name none (default GB)")
    add("--batch", type=whole(1, MOST_LOGS), default=MOST_LOGS, metavar="N", help="logs in a request (default 500)")
    add("--no-gzip", action="store_true", help="send bodies as they are")
    add("--connections", type=whole(1, MOST_CONNECTIONS), default=4, metavar="N", help="requests at a time (default 4)")
    add("--state", type=Path, metavar="FILE", help="the state file (default: beside the first input)")
    add("--timeout", type=seconds, default=30.0, metavar="S", help="seconds to wait for a reply (default 30)")
    add(
        "--give-up-after", type=seconds, default=3600.0, metavar="S",
        help="give a batch up after S seconds without a decision (default 3600)",
    )  # fmt: skip
    add(
        "--settle", type=settlement, action="append", default=[], metavar="KEY=kept|lost",
        help="only note what the operator said of a batch that was given up since it may have been kept",
    )  # fmt: skip
    add("--receipts", type=Path, metavar="FILE", help="append the receipt of each accepted batch to FILE, one a line")
    add("--no-progress", action="store_true", help="show no progress, only what needs attention")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    url, key = args.url or environ.get("PLAYLOG_URL", ""), args.key or environ.get("PLAYLOG_KEY", "")
    if problem := usage_problem(args.files, url, key):
        print(f"playlog send: {problem}", file=sys.stderr)
        return 2
    stopped = threading.Event()
    timer = SystemTimer(stopped)
    with ExitStack() as stack:
        try:
            inputs = stack.enter_context(
                open_inputs(args.files, args.state, f"{url}{_suffix(args)}", (lambda: str(uuid.uuid4()), timer.now))
            )
            if args.settle:
                settle(inputs, args.settle, timer)
                print("settled: run the same command without --settle to send what is left.")
                return 0
            keep_receipt = stack.enter_context(receipts(args.receipts))
        except (BadState, OSError) as error:
            print(f"playlog send: {error}", file=sys.stderr)
            return 2
        pool = {"connections": args.connections, "timeout_seconds": args.timeout}
        server = stack.enter_context(closing(HttpTransport(url, key, **pool)))
        target = Target(STREAMS[args.stream], args.country)
        tally = tally_of(inputs)
        attempts = Attempts(
            transport=server,
            timer=timer,
            rng=random.Random(),
            tally=tally,
            progress=progress(inputs, tally, timer, is_quiet=args.no_progress),
            stopped=stopped,
            give_up_after_seconds=args.give_up_after,
            compress=not args.no_gzip,
        )
        delivery = Delivery(attempts, inputs.journal, keep_receipt)
        ship(inputs, delivery, args.batch, args.connections, target)
        return tell_end(tally, inputs.way_on)


def _suffix(args: argparse.Namespace) -> str:
    """What else a state is of, beside the server: what a batch's content depends on, since its key is for that alone.

    Nothing for the stream that was there first: its logs have countries of their own.
    """
    stream = STREAMS[args.stream]
    return f"{stream.path}?country={args.country}" if stream.by_listener else ""


def tell_end(tally: Tally, way_on: str) -> int:
    """Prints the counts, and how to go on. Returns the exit status."""
    print(*tally.lines(), sep="\n")
    if tally.stopped_because:
        print(f"stopped: {tally.stopped_because}.", file=sys.stderr)
    if tally.stopped_because or tally.given_up:
        print(way_on, file=sys.stderr)
    return 0 if tally.is_complete else 1


def usage_problem(files: Sequence[str], url: str, key: str) -> str | None:
    """What is wrong with the arguments and the environment together; None when nothing is."""
    if not url:
        return "no server given: set PLAYLOG_URL or use --url"
    if problem := problem_with_url(url):
        return f"the URL {problem}"
    if not key:
        return "no key given: set PLAYLOG_KEY or use --key"
    if "-" in files and len(files) > 1:
        return "standard input (-) goes alone, without other files"
    if len(set(files)) < len(files):
        return "a file is named twice, and would be sent twice"
    return None


def progress(inputs: Inputs, tally: Tally, timer: Timer, *, is_quiet: bool) -> Progress:
    """A bar on a terminal; lines now and then elsewhere; or neither."""
    done = tally.accepted_earlier + tally.refused
    if sys.stderr.isatty() and not is_quiet:
        return Bar(sys.stderr, sys.stdout, inputs.total, done)
    return PlainLines(sys.stderr, sys.stdout, inputs.total, done, timer, is_quiet=is_quiet)
