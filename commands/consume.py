"""`playlog consume`: the persister, and the operator's words after a loss."""

import argparse
from collections.abc import Mapping
from functools import partial

from commands._persisting import add_arguments, book_loss, store
from common.config import load
from common.log_lines import start_log

ABOUT = "store the accepted logs of Kafka in the data centre's database, each exactly once"

DESCRIPTION = """
Without a further word it runs until SIGTERM or Ctrl-C: it finishes the batches under way (5 s at most) and leaves the
consumer group. It stops with status 1 when going on could lose or double a log, and says what is lost and the way out.
GET /health and /ready are answered at CONSUMER_STATUS_BIND. Several share the partitions.

  playlog consume                                 until SIGTERM
  playlog consume --allow-dead-letters 60         once, after you have looked at them
  playlog consume accept-loss play-logs 3 100 250 --reason 'a disk of broker 2; ticket 4711'
  playlog consume adopt-topic play-logs --reason 'the topic was made again; ticket 4711'
"""


def parser(sub: argparse.ArgumentParser) -> None:
    add_arguments(sub, f"{ABOUT}\n{DESCRIPTION}", "why; it stands in the report of each day concerned")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from common.database import connect
    from consumer.config import ConsumerConfig
    from consumer.ledger import Ledger
    from consumer.play_logs.family import play_logs

    config = load(ConsumerConfig, environ)
    start_log(config.log_level)
    if args.action is None:
        return store(play_logs(config, args.allow_dead_letters), "consume")
    reached = partial(connect, config.datacentre.database, config.datacentre.password)
    return book_loss(args, "PLAY_LOGS_TOPIC", config.kafka, reached, Ledger(config.kafka.topic))
