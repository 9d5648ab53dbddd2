"""What `consume` and `catalogue-consume` share: their arguments, how they run, and the words that declare a loss."""

import argparse
import getpass
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from commands._arguments import whole

if TYPE_CHECKING:
    from MySQLdb.connections import Connection

    from common.kafka import CatalogueKafka, KafkaSettings
    from consumer.family import Family
    from consumer.ledger import Ledger

EPILOG = """\
exit status: 0 stopped, or booked; 1 it stopped since going on could lose something, or nothing was booked;
2 wrong usage; 78 a setting is missing or wrong."""
MOST_OFFSET = 2**63 - 1


def add_arguments(sub: argparse.ArgumentParser, description: str, about_reason: str) -> None:
    """--allow-dead-letters; accept-loss and adopt-topic as `args.action`, None without either."""
    sub.description, sub.epilog = description, EPILOG
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.add_argument(
        "--allow-dead-letters",
        type=whole(0, 1_000_000),
        default=0,
        metavar="N",
        help="take N dead letters an hour more than DEAD_LETTER_LIMIT, after you have looked at them",
    )
    words = sub.add_subparsers(dest="action", metavar="accept-loss|adopt-topic")
    loss = words.add_parser("accept-loss", help="book offsets FROM (first lost) to TO (first kept) as lost, and go on")
    loss.add_argument("topic", metavar="TOPIC", help="its name, again: nothing is booked for another one")
    loss.add_argument("partition", type=whole(0, MOST_OFFSET), metavar="PARTITION", help="its number")
    loss.add_argument("first", type=whole(0, MOST_OFFSET), metavar="FROM", help="the first offset that is lost")
    loss.add_argument("end", type=whole(0, MOST_OFFSET), metavar="TO", help="the first offset that is there again")
    adopt = words.add_parser("adopt-topic", help="go on with a topic that was made again under the same name")
    adopt.add_argument("topic", metavar="TOPIC", help="its name, again")
    for each in (loss, adopt):
        each.add_argument("--reason", required=True, help=about_reason)
        each.add_argument("--operator", default=None, help="who says so (default: the user's name)")


def store(family: "Family", word: str) -> int:
    """Runs until SIGTERM or Ctrl-C; the process's exit status."""
    from consumer.process import Persister
    from consumer.trouble import Stop

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Persister(family).run(stop)
    except Stop as reason:
        print(f"playlog {word} stopped: {reason}", file=sys.stderr)
        return 1
    return 0


def book_loss(
    args: argparse.Namespace,
    setting: str,
    kafka: "KafkaSettings | CatalogueKafka",
    connect: "Callable[[], Connection]",
    ledger: "Ledger",
    also: "Callable[[Connection, int], object]" = lambda *_: None,
) -> int:
    """Does what the words say; the process's exit status. `also` belongs to adopt-topic, and knows its partitions."""
    from common.kafka import KafkaException, TopicView
    from consumer.losses import Refused, Statement, accept_loss, adopt_topic
    from consumer.topic import BrokerTopic
    from consumer.trouble import Transient

    if args.topic != kafka.topic:
        print(f"{setting} is {kafka.topic}, not {args.topic}: nothing was changed.", file=sys.stderr)
        return 1
    word = f"`playlog {ledger.way_out.word}`"
    statement = Statement(args.reason, args.operator or getpass.getuser())
    try:
        view = TopicView(kafka)
        topic_id, partitions = view.describe(args.topic)
        starts = view.starts(args.topic, list(range(partitions)))
        if args.action == "adopt-topic":
            moved = adopt_topic(connect(), ledger, topic_id, starts, statement, lambda on: also(on, partitions))
            print(f"Partitions {moved} go on in topic id {topic_id}. Start {word} again.")
            return 0
        if args.partition not in starts:
            raise Refused(f"topic {args.topic} has partitions 0 to {partitions - 1}")
        lost = range(args.first, args.end)
        left = (topic_id, BrokerTopic(kafka, view).first_left(args.partition, args.first))
        accept_loss(connect(), ledger, args.partition, lost, left, statement)
    except (Refused, Transient, KafkaException, TimeoutError) as error:
        print(f"Nothing was changed: {error}.", file=sys.stderr)
        return 1
    print(f"{len(lost)} records of partition {args.partition} are booked as lost. Start {word} again.")
    return 0
