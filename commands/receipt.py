"""`playlog receipt`: what became of one request, in the data centre."""

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from uuid import UUID

import MySQLdb

from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.receipts import Receipts
from reports.office import reason_of
from reports.reader_config import ReceiptConfig
from reports.receipt.pages import document_of, lines_of, status_of
from reports.receipt.trace import Tracer

#: A log may be 61 days old, and its key is recognised for 14 days at least.
KEY_DAYS = 75
ABOUT = "trace one request: where it is, what became of its logs, in which report they stand"

DESCRIPTION = """\
Takes a receipt (X-Receipt), or with --request-id what the reply's X-Request-Id said. A receipt leads to the very record
that it was given for, which may be the repeat of another; a request id to the record that was stored under it.
With --key and --client, the first request of that client under this Idempotency-Key: what a sender asks whose reply
never came. It is looked for day by day from --since on, which is by default as old as a log may be, and the days for
which a key is recognised.

  playlog receipt 1.Hu_vDRG-.4.120391.01a2111bf1797de19cea82dc3aa263e6.acme.Tk3v…
  playlog receipt --request-id 01a2111b-f179-7de1-9cea-82dc3aa263e6
  playlog receipt --client acme --key 8c1f6a0e-6c0b-4f0e-a1a4-33f5a3a4a9d1"""

EPILOG = """\
exit status: 0 found or still in Kafka, 1 lost, not found, forged or failed, 2 wrong usage."""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    which = sub.add_mutually_exclusive_group(required=True)
    which.add_argument("receipt", nargs="?", help="the receipt, whole")
    which.add_argument("--request-id", type=_request_id, metavar="ID", help="the id of X-Request-Id")
    which.add_argument("--key", type=_key, metavar="KEY", help="the Idempotency-Key, with --client")
    sub.add_argument("--client", help="whose key it is")
    sub.add_argument("--since", type=_day, metavar="DAY", help=f"the first day looked at (default {KEY_DAYS} days ago)")
    sub.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if (args.key is None) != (args.client is None):
        print("--key and --client go together: every client has keys of its own.", file=sys.stderr)
        return 2
    config = load(ReceiptConfig, environ)
    receipt = Receipts(config.receipt_secret).read(args.receipt) if args.receipt else None
    if args.receipt and receipt is None:
        print("This is not a receipt of ours: it is cut off, changed or forged.", file=sys.stderr)
        return 1
    reader = config.reader
    try:
        with closing(connect(reader.datacentre.database, reader.datacentre.password)) as connection:
            tracer = Tracer(connection, reader.kafka.topic)
            if args.key is not None:
                # A day ahead: a booked moment never goes back, so it can be ahead of this clock.
                today = SystemClock().now().date()
                since = args.since or today - timedelta(days=KEY_DAYS)
                trace = tracer.by_key(args.client, args.key, since, today + timedelta(days=1))
            else:
                trace = tracer.by_receipt(receipt) if receipt else tracer.by_id(args.request_id)
    except MySQLdb.Error as error:
        print(f"FAILED: {reason_of(error)}.", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(document_of(trace), default=str, ensure_ascii=False, indent=2))
    else:
        print(*lines_of(trace), sep="\n")
    return status_of(trace)


def _key(text: str) -> bytes:
    if not (1 <= len(text) <= 128 and text.isascii() and text.isprintable() and " " not in text):
        raise argparse.ArgumentTypeError("must be 1 to 128 visible ASCII characters")
    return text.encode()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be like 2026-11-24") from None


def _request_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be like 01a2111b-f179-7de1-9cea-82dc3aa263e6") from None
