"""The command line of the benchmarks that store a day of logs first."""

import argparse
import sys
from collections.abc import Callable

from bench.ground import FAILURES


def door(name: str, manual: str, run: Callable[[int], None]) -> int:
    """Reads --records, runs the benchmark with so many, and turns its failures into a sentence and status 1."""
    parser = argparse.ArgumentParser(f"make {name}", description=manual)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--records", type=int, default=10_000, metavar="N", help="of 100 logs each (default 10000)")
    args = parser.parse_args()
    try:
        run(args.records)
    except FAILURES as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    return 0
