"""Runs a suite on a machine that stops for moments, as a busy one does: what fails here alone judges the machine.

usage: python -W error -m tests.stalled SUITE [-k PATTERN] [--runs N]

On every core at once something more urgent runs for 20 to 300 ms, about every second. Needs the right to that (root).
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Sequence
from multiprocessing import get_context

from tests.run import SUITES, run

PRIORITY = 50
#: The stalls of a run are those of the next one, and of every core, for they begin at the same moments.
SEED = 1
STALLS = (0.02, 0.05, 0.08, 0.15, 0.3)
LONGEST_PAUSE = 1.2


def stall(core: int, began: float, parent: int) -> None:
    """Takes one core from everybody else, again and again, as long as the process that wants it is there."""
    os.sched_setaffinity(0, {core})
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    chosen = random.Random(SEED)
    at = began
    while os.getppid() == parent:
        at += chosen.uniform(0.2, LONGEST_PAUSE)
        time.sleep(max(0.0, at - time.monotonic()))
        at += chosen.choice(STALLS)
        while time.monotonic() < at:
            pass


def run_stalled(suite: str, patterns: Sequence[str]) -> int:
    """The suite's exit status; 1 when the machine didn't stop to the end."""
    began = time.monotonic()
    context = get_context("spawn")
    cores = os.sched_getaffinity(0)
    stalls = [context.Process(target=stall, args=(core, began, os.getpid()), daemon=True) for core in cores]
    for each in stalls:
        each.start()
    try:
        status = run(suite, list(patterns), 2)
        if not all(each.is_alive() for each in stalls):
            print("what stops the machine has ended before the suite; its messages are above", file=sys.stderr)
            return 1
        return status
    finally:
        for each in stalls:
            each.kill()


def main() -> int:
    """Reads the arguments and runs the suite, as often as is asked for or until it fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.stalled", description=__doc__.partition("\n")[0])
    parser.add_argument("suite", choices=[each for each in SUITES if each != "smoke"])
    parser.add_argument("-k", dest="patterns", action="append", default=[], metavar="PATTERN", help="only these tests")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="so often (default 1)")
    args = parser.parse_args()
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except PermissionError:
        print(
            "only root may run what is more urgent than the tests: sudo, or a container with SYS_NICE", file=sys.stderr
        )
        return 1
    for _ in range(args.runs):
        if status := run_stalled(args.suite, args.patterns):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
