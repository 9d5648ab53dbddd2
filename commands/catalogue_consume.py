"""`playlog catalogue-consume`: the region's copy of the catalogue, and the operator's words after a loss."""

import argparse
from collections.abc import Mapping
from functools import partial

from commands._persisting import add_arguments, book_loss, store
from common.config import load
from common.log_lines import start_log

ABOUT = "keep the region's copy of the catalogue: each release in one transaction, the newest version alone"

DESCRIPTION = """
Without a further word it runs until SIGTERM or Ctrl-C; several share the partitions. A new region begins with the
oldest record that is left. It stops with status 1 when going on could miss a record, and says what is lost and the way
out. GET /health and /ready are answered at CONSUMER_STATUS_BIND.

  playlog catalogue-consume                       until SIGTERM
  playlog catalogue-consume accept-loss catalogue 3 100 250 --reason 'retention was cut; ticket 4711'
  playlog catalogue-consume adopt-topic catalogue --reason 'the topic was made again; ticket 4711'
"""


def parser(sub: argparse.ArgumentParser) -> None:
    add_arguments(sub, f"{ABOUT}\n{DESCRIPTION}", "why; it is kept in the table gap")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from common.database import connect
    from consumer.catalogue.another_topic import begin_anew
    from consumer.catalogue.config import SinkConfig
    from consumer.catalogue.family import catalogue, ledger_of

    config = load(SinkConfig, environ)
    start_log(config.log_level)
    if args.action is None:
        return store(catalogue(config, args.allow_dead_letters), "catalogue-consume")
    reached = partial(connect, config.region.database, config.region.password)
    return book_loss(args, "CATALOGUE_TOPIC", config.kafka, reached, ledger_of(config.kafka.topic), begin_anew)
