"""`playlog consume`: the persister, and the operator's words after a loss."""

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
    from consumer.config import ConsumerConfig

ABOUT = "Store the accepted logs of Kafka in the data centre's database, each exactly once."

DESCRIPTION = """
Without a further word it runs until SIGTERM or Ctrl-C: it finishes the batches under way (5 s at most) and leaves the
consumer group. It stops with status 1 when going on could lose or double a log, and says what is lost and the way out.
GET /health and /ready are answered at CONSUMER_STATUS_BIND.
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
    add_loss_words(sub, "why; it stands in the report of each day concerned")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from consumer.config import ConsumerConfig

    config = load(ConsumerConfig, environ)
    start_log(config.log_level)
    return _persist(config, args.allow_dead_letters) if args.action is None else _book_loss(config, args)


def _persist(config: "ConsumerConfig", allowed: int) -> int:
    from consumer.play_logs.family import play_logs
    from consumer.process import Persister
    from consumer.trouble import Stop

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Persister(play_logs(config, allowed)).run(stop)
    except Stop as reason:
        print(f"playlog consume stopped: {reason}", file=sys.stderr)
        return 1
    return 0


def _book_loss(config: "ConsumerConfig", args: argparse.Namespace) -> int:
    from common.database import connect
    from consumer.ledger import Ledger

    reached = partial(connect, config.datacentre.database, config.datacentre.password)
    return book_loss(args, "PLAY_LOGS_TOPIC", config.kafka, reached, Ledger(config.kafka.topic))
