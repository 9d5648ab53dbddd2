"""`make bench-backlog`: a day's backlog drains at the cap while new logs come in, then its report turns final."""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from bench.bodies import requests_of
from bench.bursts import Bursts
from bench.figures import publish, table
from bench.ground import FAILURES, BenchFailed, ground, say, topic_ends
from bench.load import LoadFailed, Measured
from bench.records import fill
from devstack.mariadb_settings import DATACENTRE
from devstack.parts import STORES, Part
from devstack.secrets_file import CLIENT_KEY
from devstack.service import REPOSITORY, child_environ, word_command
from devstack.stack import Stack
from devstack.words import TOPIC

LOGS_A_RECORD = 100
LOOK_SECONDS = 0.5
SAY_SECONDS = 5.0
#: As cron asks, but more often.
REPORT_SECONDS = 5.0
LONGEST_SECONDS = 1800.0
#: Of new logs: senders of a hundred each, that pause between two.
NEW_SENDERS = 2
BURST_SECONDS, PAUSE_SECONDS = 0.1, 0.9

STORED = "SELECT COALESCE(SUM(n_items), 0) FROM request WHERE received_day < UTC_DATE()"

MANUAL = """\
Starts a stack of its own (build/bench/stack-backlog), fills the topic with records of 100 logs that were accepted
yesterday, and starts the persister with a cap of --cap rows a second while senders post new logs through nginx.
Watches it drain at the cap and `playlog status` expect the end, then runs `playlog report --until-final` every few
seconds, as cron does, until yesterday's report is final. Every reply is checked, and in the end the ledger must
balance. Prints a table, writes build/bench/backlog.json.
"""


@dataclass
class Drain:
    """How the backlog went."""

    seconds: float = 0.0
    rows: int = 0
    expected_seconds: float | None = None
    told_at: float = 0.0
    final_seconds: float = 0.0

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def set_time_by(stack: Stack, kind: str) -> None:
    """Whose clock stamps the records: CreateTime is ours, LogAppendTime the broker's."""
    entry = ConfigEntry("message.timestamp.type", kind, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, TOPIC, incremental_configs=[entry])
    admin = AdminClient({"bootstrap.servers": stack.kafka.bootstrap})
    admin.incremental_alter_configs([resource])[resource].result(10)
    # Every broker has to have heard of it.
    time.sleep(2)


def watch(stack: Stack, rows: int) -> Drain:
    """Looks until so many rows of the backlog are stored. Raises BenchFailed."""
    found = Drain(rows=rows)
    began = said = 0.0
    until = time.perf_counter() + LONGEST_SECONDS
    while True:
        stored = int(stack.mariadb.execute(STORED, DATACENTRE))
        now = time.perf_counter()
        if stored and not began:
            began = now
            found.rows = rows - stored
        if stored >= rows:
            found.seconds = now - began
            return found
        if now > until or stack.dead():
            raise BenchFailed(f"{stored} of {rows} rows were stored: look into {stack.home}/log")
        if began and now - said > SAY_SECONDS:
            said = now
            say(f"{stored:,} of {rows:,} rows stored")
            if found.expected_seconds is None and stored > rows / 3:
                found.expected_seconds = expected_end(stack)
                found.told_at = now - began
        time.sleep(LOOK_SECONDS)


def expected_end(stack: Stack) -> float | None:
    """What `playlog status` says of the backlog's end."""
    with contextlib.suppress(ValueError):
        end = json.loads(stack.run_word("status", "--json").stdout)["backlog_end_seconds"]
        return None if end is None else float(end)
    return None


def wait_for_final(stack: Stack, day: str) -> float:
    """Runs the report as cron does until the day is final; seconds. Raises BenchFailed."""
    began = time.perf_counter()
    environ = child_environ(stack.environ("report"))
    while time.perf_counter() - began < LONGEST_SECONDS:
        argv = word_command("report", "--until-final")
        done = subprocess.run(argv, env=environ, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        days = stack.mariadb.execute("SELECT day, state FROM report", DATACENTRE)
        if f"{day}\tfinal\n" in days:
            return time.perf_counter() - began
        say(f"not final yet: {done.stdout.strip().splitlines()[-1:]}")
        time.sleep(REPORT_SECONDS)
    raise BenchFailed(f"the report of {day} never turned final: see `playlog report --date {day}`")


def run(records: int, cap: int) -> None:
    """Raises one of FAILURES, or LoadFailed."""
    yesterday = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with ground("backlog", STORES | {Part.APP, Part.NGINX}, {"consume": {"ROWS_PER_SECOND": str(cap)}}) as stack:
        say(f"filling the topic: {records * LOGS_A_RECORD:,} logs of {yesterday:%Y-%m-%d}")
        set_time_by(stack, "CreateTime")
        fill(stack.kafka.bootstrap, records, LOGS_A_RECORD, yesterday)
        set_time_by(stack, "LogAppendTime")
        stack.app.wait()
        requests = requests_of(LOGS_A_RECORD, stack.environ("send")[CLIENT_KEY])
        new = Bursts(stack.nginx.port, requests, NEW_SENDERS, (BURST_SECONDS, PAUSE_SECONDS))
        new.start()
        stack.persister.start()
        drain = watch(stack, records * LOGS_A_RECORD)
        drain.final_seconds = wait_for_final(stack, f"{yesterday:%Y-%m-%d}")
        taken = new.end()
        check(stack, records + taken.acknowledged)
    figures = figures_of(drain, taken, cap)
    publish("backlog", figures, table(("", "figure"), list(figures.items())))


def check(stack: Stack, records: int) -> None:
    """Everything that was answered 200 is in the topic, and all of that becomes stored. Raises BenchFailed."""
    if topic_ends(stack) != records:
        raise BenchFailed(f"{records} requests were accepted, but the topic holds {topic_ends(stack)} records")
    until = time.monotonic() + LONGEST_SECONDS
    while int(stack.mariadb.execute("SELECT COUNT(*) FROM request", DATACENTRE)) < records:
        if time.monotonic() > until:
            raise BenchFailed("what came in during the drain was never stored")
        time.sleep(LOOK_SECONDS)
    done = stack.run_word("ledger")
    if done.returncode:
        raise BenchFailed(f"the ledger doesn't balance:\n{done.stdout}{done.stderr}")


def figures_of(drain: Drain, taken: Measured, cap: int) -> dict[str, float]:
    """The flat figures: rows a second beside the cap, the end that was expected, the API's answers meanwhile."""
    found = {
        "backlog_rows": float(drain.rows),
        "cap_rows_per_s": float(cap),
        "drained_rows_per_s": drain.rows_per_second,
        "share_of_cap": drain.rows_per_second / cap,
        "drained_s": drain.seconds,
        "final_after_drained_s": drain.final_seconds,
        "new_logs_meanwhile": float(taken.acknowledged * LOGS_A_RECORD),
        "new_p99_ms": taken.milliseconds(0.99),
    }
    if drain.expected_seconds is not None:
        found["expected_end_s"] = drain.expected_seconds
        found["real_end_s"] = drain.seconds - drain.told_at
    return found


def main() -> int:
    parser = argparse.ArgumentParser("make bench-backlog", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--records", type=int, default=20_000, metavar="N", help="of 100 logs each (default 20000)")
    parser.add_argument("--cap", type=int, default=20_000, metavar="N", help="rows a second (default 20000)")
    args = parser.parse_args()
    try:
        run(args.records, args.cap)
    except (*FAILURES, LoadFailed) as error:
        print(f"bench-backlog: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
