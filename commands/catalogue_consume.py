"""`playlog catalogue-consume`: the region's copy of the catalogue."""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from commands._arguments import whole
from commands._losses import add_loss_words, book_loss
from common.config import load
from common.log_lines import start_log

if TYPE_CHECKING:
    from MySQLdb.connections import Connection

    from consumer.catalogue.config import SinkConfig

ABOUT = "keep the region's copy of the catalogue: each release in one transaction, the newest version alone"

DESCRIPTION = """
Without a further word it runs until SIGTERM or Ctrl-C; several share the partitions. A new region begins with the
oldest record that is left. It stops with status 1 when going on could miss a record, and says what is lost and the way
out. GET /health and /ready are answered at CONSUMER_STATUS_BIND.
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
    add_loss_words(sub, "why; it is kept in the table gap")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from consumer.catalogue.config import SinkConfig

    config = load(SinkConfig, environ)
    start_log(config.log_level)
    return _store(config, args.allow_dead_letters) if args.action is None else _book_loss(config, args)


def _store(config: "SinkConfig", allowed: int) -> int:
    from consumer.catalogue.family import catalogue
    from consumer.process import Persister
    from consumer.trouble import Stop

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Persister(catalogue(config, allowed)).run(stop)
    except Stop as reason:
        print(f"playlog catalogue-consume stopped: {reason}", file=sys.stderr)
        return 1
    return 0


def _book_loss(config: "SinkConfig", args: argparse.Namespace) -> int:
    from common.database import connect, run
    from consumer.catalogue.statements import ANOTHER_TOPIC, MARKS_OF_THE_OLD_TOPIC, STORED_AT
    from consumer.ledger import Ledger
    from consumer.way_out import of_catalogue

    def begin_anew(connection: "Connection", partitions: int) -> None:
        for statement in ANOTHER_TOPIC:
            run(connection, statement, (partitions,))
        run(connection, MARKS_OF_THE_OLD_TOPIC)

    topic = config.kafka.topic
    reached = partial(connect, config.region.database, config.region.password)
    return book_loss(
        args, "CATALOGUE_TOPIC", config.kafka, reached, Ledger(topic, STORED_AT, of_catalogue(topic)), begin_anew
    )
