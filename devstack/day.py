"""`make day`: a whole simulated day on a stack of its own, from its first log to the final report, in two minutes.

Nothing in it is staged but the time of day: the logs are made up, sent over HTTP, kept by Kafka, stored, and cut into
days by the persister; the report proves itself as any other. The clock of all parts is moved on, hour by hour, through
yesterday and the days before it. When all is final the stack ends, and its files stay in .local/day.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from common.converters import whole
from devstack.process import ProcessFailed
from devstack.programs import ProgramMissing
from devstack.service import REPOSITORY
from devstack.simulated_day import SimulatedDay

HOME = REPOSITORY / ".local" / "day"
ENDED = """
{day} is over, and its report is final. Open in a browser:

  {report}
  {status}

The files of that day are beside the report; manifest.json has the proof, clients/ what each partner gets.
`make day` again makes another one; `make clean-local` removes all of it. docs/reports.md says what everything means.
"""


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number of an argument; what is wrong is said by the rule."""

    def convert(text: str) -> int:
        try:
            return whole(low, high)(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} {error}") from None

    return convert


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="make day", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--logs", type=number(100, 10**7), default=20_000, metavar="N", help="of the last day (20000)")
    made.add_argument("--days-before", type=number(0, 30), default=2, metavar="N", help="days to compare with (2)")
    made.add_argument("--steps", type=int, choices=(1, 2, 3, 4, 6, 8, 12, 24), default=24, help="of the last day")
    made.add_argument("--home", type=Path, default=HOME, metavar="FOLDER", help="where its files stay")
    return made


def main() -> int:
    args = parser().parse_args()
    last = datetime.now(UTC).date() - timedelta(days=1)
    days = [last - timedelta(days=number) for number in range(args.days_before, -1, -1)]
    try:
        report = SimulatedDay(args.home, lambda text: print(text, flush=True)).run(days, args.steps, args.logs)
    except (ProcessFailed, ProgramMissing) as failed:
        print(failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    status = report.parent.parent / "status.html"
    print(ENDED.format(day=last, report=os.path.relpath(report), status=os.path.relpath(status)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
