"""`make bench-report`: how long the report of a day takes, beside a plain SELECT of the same rows to a file."""

import getpass
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from bench.door import door
from bench.figures import publish, table
from bench.ground import BenchFailed, ground, say
from bench.persist import LOGS_A_RECORD, watch
from bench.records import fill
from devstack.mariadb_settings import DATACENTRE
from devstack.parts import Part
from devstack.programs import program
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.stack import Stack

DAYS = "SELECT DISTINCT received_day FROM request"
#: The report's own status for a day that isn't over: its files are all there.
PROVISIONAL = 75
SELECT = "SELECT * FROM play_log WHERE received_day = '{day}' ORDER BY received_day, request_id, item"

MANUAL = """\
Starts Kafka and MariaDB of its own (build/bench/stack-report), stores a day of realistic logs through the persister,
then makes the day's report (`playlog report --provisional`: every file of a final one) and, before and after it, lets
the mariadb client write the same rows to a file by a plain SELECT. Prints a table, writes build/bench/report.json.
"""


def the_day(stack: Stack) -> date:
    """The one day on which everything was received. Raises BenchFailed when midnight (UTC) has passed meanwhile."""
    found = stack.mariadb.execute(DAYS, DATACENTRE).split()
    if len(found) != 1:
        raise BenchFailed(
            "midnight (UTC) passed while the rows were stored, so that they are of two days: run it again"
        )
    return date.fromisoformat(found[0])


def select_seconds(stack: Stack, day: date) -> float:
    """How long the client takes for a plain SELECT to a file. Raises BenchFailed."""
    argv = [program("mariadb"), "--no-defaults", f"--socket={stack.mariadb.socket}", f"--user={getpass.getuser()}"]
    argv += ["--batch", "--quick", f"--execute={SELECT.format(day=day)}", DATACENTRE]
    began = time.perf_counter()
    with (stack.home / "select.tsv").open("wb") as file:
        done = subprocess.run(argv, stdout=file, check=False)
    if done.returncode:
        raise BenchFailed(f"the mariadb client's SELECT failed with status {done.returncode}")
    return time.perf_counter() - began


def report(stack: Stack, day: date) -> tuple[float, float]:
    """Makes the report: its seconds, and the most memory it took in MB. Raises BenchFailed."""
    log = (stack.home / "log" / "report.log").open("wb")
    began = time.perf_counter()
    with log:
        making = subprocess.Popen(
            word_command("report", "--date", day.isoformat(), "--provisional"),
            env=child_environ(stack.environ("report")),
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )
        # Not wait(): the usage is of this process alone.
        _, status, usage = os.wait4(making.pid, 0)
        making.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - began
    if making.returncode != PROVISIONAL:
        raise BenchFailed(f"the report ended with status {making.returncode}: look into {log.name}")
    return taken, usage.ru_maxrss * 1024 / 1e6


def check(folder: Path, rows: int) -> dict[str, int]:
    """The bytes of each file, by name. Raises BenchFailed when they don't hold every row."""
    (path,) = folder.rglob("manifest.json")
    files = json.loads(path.read_text())["files"]
    written = sum(each["rows"] for name, each in files.items() if name.startswith("usage."))
    if written != rows:
        raise BenchFailed(f"the usage files hold {written} rows, not {rows}: look into {path}")
    return {name: each["bytes"] for name, each in files.items()}


def figures_of(seconds: float, selects: tuple[float, float], peak_mb: float) -> dict[str, float]:
    """The flat figures: seconds, how often the SELECT's time, megabytes."""
    select = sum(selects) / len(selects)
    return {"seconds": seconds, "select_seconds": select, "times_select": seconds / select, "peak_mb": peak_mb}


def run(records: int) -> None:
    """Raises one of FAILURES."""
    rows = records * LOGS_A_RECORD
    with ground("report", frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES})) as stack:
        say(f"storing a day of {rows:,} logs")
        fill(stack.kafka.bootstrap, records, LOGS_A_RECORD)
        stack.persister.start()
        watch(stack, records, [stack.persister.child])
        stack.persister.stop()
        day = the_day(stack)
        before = select_seconds(stack, day)
        say("making the report")
        seconds, peak = report(stack, day)
        sizes = check(stack.home / "reports", rows)
        after = select_seconds(stack, day)
    figures = figures_of(seconds, (before, after), peak)
    files = table(("file", "bytes"), sorted(sizes.items()))
    times = [
        ("report", figures["seconds"], figures["times_select"], f"{peak:.0f}"),
        ("SELECT to a file", figures["select_seconds"], 1.0, ""),
    ]
    publish("report", figures, table((f"{rows:,} rows", "seconds", "times SELECT", "peak MB"), times), files)


if __name__ == "__main__":
    sys.exit(door("bench-report", MANUAL, run))
