"""The command line of a report: `playlog report` and `python -m reports` both come in here."""

import argparse
import getpass
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from common.clock import Clock, SystemClock
from common.config import load
from common.kafka import TopicView
from common.log_lines import start_log
from common.metrics import metrics_to
from reports.books import ONE_DAY
from reports.config import ReportConfig
from reports.editions import Wish
from reports.office import Office

DESCRIPTION = """\
Makes the report of one UTC day, by the moment the logs were received: usage.CLIENT.csv.gz (a row a log), summary.csv,
report.html, manifest.json with the proof that the day is complete, and at last the mark _SUCCESS; all in
REPORT_DIR/DAY. Each client's own part lies in REPORT_DIR/clients/CLIENT/DAY. A day that can't be proved complete yet
writes nothing, says why and exits with 75; with --provisional its files go to REPORT_DIR/DAY.provisional. Made again, a
report is the same, byte by byte, or it fails and says what differs: a final report is never replaced.

  playlog report --until-final           every day up to yesterday that isn't final yet; for cron, every 15 minutes
  playlog report --date 2026-11-24       one day
  playlog report --date 2026-11-24 --revise --reason "client acme was billed as bolt"
                                         the next revision, in REPORT_DIR/DAY.r2, from the database as it is now

In the usage files, user_id, user_agent and log_id have a leading ' where the text would begin with = + - @ TAB CR or ',
since a spreadsheet would run it. Remove one leading ' to have the text as it was sent."""

EPILOG = """\
exit status: 0 final, 75 not complete yet (or another run is at work), 1 failed, 2 wrong usage, 78 bad setting."""

USAGE = 2


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


def reason_word(value: str) -> str:
    """Checks the value of --reason."""
    if not 1 <= len(value.strip()) <= 500:
        raise argparse.ArgumentTypeError("must say why, in 1 to 500 characters")
    return value.strip()


def arguments(sub: argparse.ArgumentParser) -> None:
    """Adds the arguments of a report."""
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    which = sub.add_mutually_exclusive_group(required=True)
    which.add_argument("--date", type=day_word, help="the day: YYYY-MM-DD, today or yesterday (UTC)")
    which.add_argument("--until-final", action="store_true", help="every day up to yesterday that isn't final yet")
    sub.add_argument("--provisional", action="store_true", help="write files even if the day isn't complete yet")
    sub.add_argument("--revise", action="store_true", help="make the next revision of a final report; needs --reason")
    sub.add_argument("--reason", type=reason_word, help="why the report is revised; it stands in the manifest")
    sub.add_argument("--operator", help="who revises it (default: the user's name)")
    sub.add_argument("--output-dir", type=Path, metavar="DIR", help="where the folders of days are, not REPORT_DIR")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Makes reports with the parts that the environment names. Raises BadSettings."""
    wrong = misuse(args)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return USAGE
    given = {"REPORT_DIR": str(args.output_dir)} if args.output_dir else {}
    config = load(ReportConfig, {**environ, **given})
    start_log(config.log_level, sys.stderr)
    metrics = metrics_to(config.statsd_host, config.statsd_port)
    try:
        office = Office(config, TopicView(config.kafka), SystemClock(), metrics, (sys.stdout, sys.stderr))
        if args.until_final:
            return office.until_final()
        wish = Wish(args.reason, args.operator or getpass.getuser()) if args.revise else None
        return office.report(day_of(args.date, SystemClock()), wants_provisional=args.provisional, wish=wish)
    finally:
        metrics.close()


def misuse(args: argparse.Namespace) -> str | None:
    """What is wrong with the arguments together."""
    if args.revise and (args.until_final or args.provisional):
        return "--revise is of one final day: give it with --date alone."
    if args.revise != (args.reason is not None):
        return "--revise and --reason go together: a revision says why."
    if args.provisional and args.until_final:
        return "--until-final writes final reports alone: leave out --provisional."
    return None


def day_of(word: str, clock: Clock) -> date:
    """The day that a checked --date means."""
    today = clock.now().date()
    return {"today": today, "yesterday": today - ONE_DAY}.get(word) or date.fromisoformat(word)
