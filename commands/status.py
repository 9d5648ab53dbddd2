"""`playlog status`: how the data centre does, on one screen or on one page."""

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import MySQLdb

from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.kafka import TopicView
from reports.office import reason_of
from reports.proof import KafkaView
from reports.reader_config import StatusConfig
from reports.status.facts import gather
from reports.status.judgement import judge
from reports.status.pages import document_of, lines_of

ABOUT = "show throughput, lag, the backlog's end, days and dead letters, and what wants a person"

DESCRIPTION = """\
Says first what wants a person, each in a line that begins with LOOK and says what to do. Then: logs stored a second,
records still in Kafka and the age of the oldest, when the backlog is expected to be stored, how long commits take, how
far each partition is, and the state of each day. The persisters' figures are what each wrote down in the last 10 s.

--json has the same: look (the lines, empty when all is well), rows_per_second, records_per_second, lag_records,
lag_seconds, commit_median_seconds, commit_worst_seconds, backlog_end_seconds (null: it doesn't shrink), persisters,
partitions, days, dead_letters, declared_losses, days_ahead.

--html FILE writes the operator's page: the same, with today's ledger by client, dead letters by reason with the command
that replays them, the health of each part, and links to the reports in REPORT_DIR. It is put in place in one step, and
is written too when the database can't be asked: then it says that. It holds no secret and no listener. Cron runs it
each minute (infra/files/crontab):

  playlog status --html /var/lib/playlog/reports/status.html --job-notes /var/lib/playlog"""

EPILOG = """\
exit status: 0 all is well, 1 something wants a person, 75 Kafka or the database can't be asked. With --html: 0 the page
is written, whatever it says; 1 it can't be; 75 it is, and says that Kafka or the database can't be asked."""

WELL, LOOK, UNKNOWN = 0, 1, 75


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines")
    form.add_argument("--html", type=Path, metavar="FILE", help="write the operator's page instead")
    sub.add_argument(
        "--job-notes", type=Path, action="append", default=[], metavar="FOLDER",
        help="with --html: where playlog-job notes how cron's jobs ended; may be given again",
    )  # fmt: skip


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(StatusConfig, environ)
    now = SystemClock().now()
    return _page(args, config, now) if args.html else _screen(args, config, now)


def _screen(args: argparse.Namespace, config: StatusConfig, now: datetime) -> int:
    reader = config.reader
    try:
        with closing(connect(reader.datacentre.database, reader.datacentre.password)) as connection:
            facts = gather(connection, TopicView(reader.kafka), reader.kafka.topic, now)
    except MySQLdb.Error as error:
        print(f"The data centre can't be asked: {reason_of(error)}.", file=sys.stderr)
        return UNKNOWN
    wanted = judge(facts, now)
    if args.json:
        print(json.dumps(document_of(facts, wanted, now), ensure_ascii=False, indent=2))
    else:
        print(*lines_of(facts, wanted, now), sep="\n")
    if not isinstance(facts.kafka, KafkaView):
        return UNKNOWN
    return LOOK if wanted else WELL


def _page(args: argparse.Namespace, config: StatusConfig, now: datetime) -> int:
    from reports.status.beside import look_beside
    from reports.status.html import Place, page_text, trouble_text, write_page

    reader = config.reader
    try:
        with closing(connect(reader.datacentre.database, reader.datacentre.password)) as connection:
            facts = gather(connection, TopicView(reader.kafka), reader.kafka.topic, now)
            beside = look_beside(connection, reader.kafka.topic, now, args.job_notes)
        text = page_text(facts, beside, judge(facts, now), Place(args.html, config.report_dir), now)
        status = WELL if isinstance(facts.kafka, KafkaView) else UNKNOWN
    except MySQLdb.Error as error:
        text, status = trouble_text(f"The data centre's database can't be asked: {reason_of(error)}.", now), UNKNOWN
    try:
        write_page(args.html, text)
    except OSError as error:
        print(
            f"{args.html} can't be written: {error.strerror}. Make its folder, or name another file.", file=sys.stderr
        )
        return LOOK
    return status
