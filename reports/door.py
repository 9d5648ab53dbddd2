"""The command line of a report: `playlog report` and `python -m reports` both come in here."""

import argparse
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TextIO

import MySQLdb

from common.clock import Clock, SystemClock
from common.config import load
from common.kafka import TopicView
from common.locks import LockTaken
from common.log_lines import start_log
from reports.books import ONE_DAY
from reports.brokers import Topics
from reports.config import ReportConfig
from reports.desk import open_desk
from reports.handover import Changed
from reports.run import Reporter, Unbalanced
from reports.snapshot import Snapshot, open_snapshot
from reports.table import lines_of

FINAL, FAILED, NOT_COMPLETE_YET = 0, 1, 75

DESCRIPTION = """\
Makes the report of one UTC day, by the moment the logs were received: usage.CLIENT.csv.gz (a row a log), summary.csv,
manifest.json with the proof that the day is complete, and at last the mark _SUCCESS; all in REPORT_DIR/DAY. A day that
can't be proved complete yet writes nothing, says why and exits with 75; with --provisional its files go to
REPORT_DIR/DAY.provisional. Made again, a report is the same, byte by byte, or it fails and says what differs: a final
report is never replaced.

In the usage files, user_id, user_agent and log_id have a leading ' where the text would begin with = + - @ TAB CR or ',
since a spreadsheet would run it. Remove one leading ' to have the text as it was sent."""

EPILOG = """\
needs PLAYLOG_ENV, DATACENTRE_DB_URL, DATACENTRE_DB_PASSWORD, KAFKA_BOOTSTRAP and, without --output-dir, REPORT_DIR.
exit status: 0 final, 75 not complete yet (or another run is at work), 1 failed, 2 wrong usage, 78 bad setting."""


def day_word(value: str) -> str:
    """Checks the value of --date."""
    if value not in {"today", "yesterday"}:
        # fromisoformat alone would take 20261124 and week dates.
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise argparse.ArgumentTypeError("must be YYYY-MM-DD, today or yesterday")
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"is not a day: {error}") from error
    return value


def arguments(sub: argparse.ArgumentParser) -> None:
    """Adds the arguments of a report."""
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("--date", type=day_word, required=True, help="the day: YYYY-MM-DD, today or yesterday (UTC)")
    sub.add_argument("--provisional", action="store_true", help="write files even if the day isn't complete yet")
    sub.add_argument("--output-dir", type=Path, metavar="DIR", help="where the folders of days are, not REPORT_DIR")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Makes a report with the parts that the environment names. Raises BadSettings."""
    given = {"REPORT_DIR": str(args.output_dir)} if args.output_dir else {}
    config = load(ReportConfig, {**environ, **given})
    start_log(config.log_level, sys.stderr)
    day = day_of(args.date, SystemClock())
    return report(config, TopicView(config.kafka), day, args.provisional, SystemClock(), sys.stdout, sys.stderr)


def day_of(word: str, clock: Clock) -> date:
    """The day that a checked --date means."""
    today = clock.now().date()
    return {"today": today, "yesterday": today - ONE_DAY}.get(word) or date.fromisoformat(word)


def report(
    config: ReportConfig, topics: Topics, day: date, wants_provisional: bool, clock: Clock, out: TextIO, err: TextIO
) -> int:
    """Makes the day's report and returns the exit status; the outcome goes to `out`, a failure to `err`."""

    def snapshot() -> AbstractContextManager[Snapshot]:
        return open_snapshot(config.database, config.password)

    try:
        with open_desk(config.database, config.password) as desk:
            reporter = Reporter(desk, snapshot, topics, config.kafka.topic, config.report_dir, clock)
            done = reporter.make(day, wants_provisional=wants_provisional)
    except Unbalanced as unbalanced:
        say(out, lines_of(unbalanced.findings, None))
        say(err, [f"FAILED: {day} does not balance. Nothing was written; find out what was lost or doubled."])
        return FAILED
    except Changed as changed:
        say(err, [f"FAILED: the report of {day} was handed over as final and would differ now, in {changed}."])
        say(err, ["It was left as it is. Find out who changed the data or the files."])
        return FAILED
    except LockTaken as taken:
        say(err, [f"NOT NOW: {taken}"])
        return NOT_COMPLETE_YET
    except (MySQLdb.Error, OSError) as error:
        say(err, [f"FAILED: {reason_of(error)}. Files of earlier runs were left as they are; run it again."])
        return FAILED
    say(out, lines_of(done.findings, str(done.folder) if done.folder else None))
    return FINAL if done.findings.is_final else NOT_COMPLETE_YET


def reason_of(error: Exception) -> str:
    """Why it failed, in one sentence. The database's own words may quote a row: only its number is shown."""
    if isinstance(error, MySQLdb.Error):
        return f"the database failed with error {error.args[0] if error.args else 'unknown'}"
    return str(error)


def say(stream: TextIO, lines: Iterable[str]) -> None:
    """Writes lines for a person."""
    stream.writelines(f"{line}\n" for line in lines)
