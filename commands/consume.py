"""`playlog consume`: the persister, and the operator's words after a loss."""

import argparse
import getpass
import signal
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

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
        type=_count,
        default=0,
        metavar="N",
        help="take N dead letters an hour more than DEAD_LETTER_LIMIT, after you have looked at them",
    )
    words = sub.add_subparsers(dest="action", metavar="accept-loss|adopt-topic")
    loss = words.add_parser("accept-loss", help="book offsets FROM (first lost) to TO (first kept) as lost, and go on")
    loss.add_argument("topic")
    loss.add_argument("partition", type=_count)
    loss.add_argument("first", type=_count, metavar="FROM")
    loss.add_argument("end", type=_count, metavar="TO")
    adopt = words.add_parser("adopt-topic", help="go on with a topic that was made again under the same name")
    adopt.add_argument("topic")
    for each in (loss, adopt):
        each.add_argument("--reason", required=True, help="why; it stands in the report of each day concerned")
        each.add_argument("--operator", default=None, help="who says so (default: the user's name)")


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
    from common.kafka import KafkaException, TopicView
    from consumer.ledger import Ledger
    from consumer.losses import Refused, Statement, accept_loss, adopt_topic
    from consumer.topic import BrokerTopic
    from consumer.trouble import Transient

    if args.topic != config.kafka.topic:
        print(f"PLAY_LOGS_TOPIC is {config.kafka.topic}, not {args.topic}: nothing was changed.", file=sys.stderr)
        return 1
    statement = Statement(args.reason, args.operator or getpass.getuser())
    try:
        view = TopicView(config.kafka)
        topic_id, partitions = view.describe(args.topic)
        starts = view.starts(args.topic, list(range(partitions)))
        connection = connect(config.datacentre.database, config.datacentre.password)
        if args.action == "adopt-topic":
            moved = adopt_topic(connection, Ledger(args.topic), topic_id, starts, statement)
            print(f"Partitions {moved} go on in topic id {topic_id}. Start `playlog consume` again.")
            return 0
        if args.partition not in starts:
            raise Refused(f"topic {args.topic} has partitions 0 to {partitions - 1}")
        lost = range(args.first, args.end)
        left = (topic_id, BrokerTopic(config.kafka, view).first_left(args.partition, args.first))
        accept_loss(connection, Ledger(args.topic), args.partition, lost, left, statement)
    except (Refused, Transient, KafkaException, TimeoutError) as error:
        print(f"Nothing was changed: {error}.", file=sys.stderr)
        return 1
    print(f"{len(lost)} records of partition {args.partition} are booked as lost. Start `playlog consume` again.")
    return 0


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number")
    return int(value)
