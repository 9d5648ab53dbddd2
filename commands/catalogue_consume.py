"""`playlog catalogue-consume`: the region's copy of the catalogue."""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping

from commands._arguments import whole
from common.config import load
from common.log_lines import start_log

ABOUT = "keep the region's copy of the catalogue: each release in one transaction, the newest version alone"

DESCRIPTION = """
Runs until SIGTERM or Ctrl-C; several share the partitions. It stops with status 1 when going on could miss a record,
and says what is lost and the way out. GET /health and /ready are answered at CONSUMER_STATUS_BIND.
"""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.description = f"{ABOUT}\n{DESCRIPTION}"
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.add_argument(
        "--allow-dead-letters",
        type=whole(0, 1_000_000),
        default=0,
        metavar="N",
        help="take N dead letters an hour more than DEAD_LETTER_LIMIT, after you have looked at them",
    )


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from consumer.catalogue.config import SinkConfig
    from consumer.catalogue.family import catalogue
    from consumer.process import Persister
    from consumer.trouble import Stop

    config = load(SinkConfig, environ)
    start_log(config.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Persister(catalogue(config, args.allow_dead_letters)).run(stop)
    except Stop as reason:
        print(f"playlog catalogue-consume stopped: {reason}", file=sys.stderr)
        return 1
    return 0
