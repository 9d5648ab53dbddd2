"""`playlog status`: how the data centre does, on one screen."""

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import closing

import MySQLdb

from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.kafka import TopicView
from reports.office import reason_of
from reports.proof import KafkaView
from reports.reader_config import ReaderConfig
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
partitions, days, dead_letters, declared_losses, days_ahead."""

EPILOG = """\
needs PLAYLOG_ENV, DATACENTRE_DB_URL, DATACENTRE_DB_PASSWORD and KAFKA_BOOTSTRAP.
exit status: 0 all is well, 1 something wants a person, 75 Kafka or the database can't be asked."""

UNKNOWN = 75


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(ReaderConfig, environ)
    now = SystemClock().now()
    try:
        with closing(connect(config.datacentre.database, config.datacentre.password)) as connection:
            facts = gather(connection, TopicView(config.kafka), config.kafka.topic, now)
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
    return 1 if wanted else 0
