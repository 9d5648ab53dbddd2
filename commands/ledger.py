"""`playlog ledger`: what was accepted and what became of it, per client, stream and day."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager

import MySQLdb

from commands._arguments import whole
from common.clock import SystemClock
from common.config import load
from common.kafka import TopicView
from common.metrics import metrics_to
from reports.door import day_of, day_word
from reports.ledger.account import LedgerSnapshot
from reports.ledger.run import Question, ledger
from reports.office import reason_of
from reports.reader_config import LedgerConfig
from reports.snapshot import open_snapshot

ABOUT = "balance what was accepted against what was stored, repeated, set aside and is still in Kafka"

DESCRIPTION = """\
For each client, stream and day, in logs: accepted = stored + duplicate + dead-lettered + still in Kafka. Without
--date, of every day that has no final report yet. The database is read in one snapshot, then Kafka is asked for its
ends: what is stored in between counts as still in Kafka, so that no log is counted twice while everything runs on.

  playlog ledger                                  every day that isn't final yet
  playlog ledger --date 2026-11-24 --client acme

Records that are still in Kafka are read for their headers, up to --unread-records, and counted on the day of their
append time. rows are the rows of play_log: stored + replayed. A balance other than 0 wants a person: something was
lost, doubled, or changed by hand. The metric ledger.imbalances says how many equations don't hold."""

EPILOG = """\
exit status: 0 balanced, 1 not balanced or failed, 2 wrong usage, 75 Kafka could not be asked."""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("--date", type=day_word, help="one day: YYYY-MM-DD, today or yesterday (UTC)")
    sub.add_argument("--client", help="one client's accounts alone")
    sub.add_argument(
        "--unread-records", type=whole(0, 10**9), default=200_000, metavar="N",
        help="read the headers of at most N records that are still in Kafka (default 200000)",
    )  # fmt: skip
    sub.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = load(LedgerConfig, environ)
    config, metrics = settings.reader, metrics_to(settings.statsd_host, settings.statsd_port)
    clock = SystemClock()
    question = Question(day_of(args.date, clock) if args.date else None, args.client, args.unread_records, args.json)

    def opened() -> AbstractContextManager[LedgerSnapshot]:
        return open_snapshot(config.datacentre.database, config.datacentre.password, LedgerSnapshot)

    try:
        return ledger(question, opened, (TopicView(config.kafka), config.kafka), clock, sys.stdout, metrics)
    except (MySQLdb.Error, OSError) as error:
        print(f"FAILED: {reason_of(error)}.", file=sys.stderr)
        return 1
    finally:
        metrics.close()
