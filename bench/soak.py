"""The second half of `make soak`: ten minutes at half the top rate, with an eye on every process's memory."""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.bodies import requests_of
from bench.bursts import Bursts, is_taken
from bench.figures import publish, table
from bench.ground import FAILURES, BenchFailed, ground, say, topic_ends
from bench.load import Load, LoadFailed
from bench.memory import memory_of
from devstack.mariadb_settings import DATACENTRE
from devstack.parts import ALL
from devstack.ports import HOST
from devstack.secrets_file import CLIENT_KEY
from devstack.stack import Stack

LOGS = 100
SENDERS = 16
WARM_UP_SECONDS, TOP_SECONDS = 10.0, 20.0
#: At full speed half of the time.
BURST_SECONDS = 0.25
LOOK_SECONDS = 5.0
SAY_SECONDS = 60.0
DRAIN_SECONDS = 1800.0
#: A process of ours is flat when it grows by no more between the second fifth of the time and the last one.
FLAT_SHARE, FLAT_MB = 0.10, 8.0
#: Those that fill caches of a fixed size: a buffer pool, a heap.
CACHES = ("mariadb", "kafka")

MANUAL = """\
Starts a stack of its own (build/bench/stack-soak) with all parts, measures how many logs a second it accepts while the
persister stores them, then goes on at half of that for --seconds. The memory of each process is looked at every 5 s:
between the second fifth of the time and the last one no process of ours may have grown. Every reply is checked; in the
end everything that was answered 200 must be stored, and the ledger must balance.
"""


@dataclass(frozen=True)
class Growth:
    """A process's resident memory, in MB: in the second fifth of the time, in the last one, and the most of all."""

    name: str
    early_mb: float
    late_mb: float
    peak_mb: float

    @property
    def is_flat(self) -> bool:
        return self.late_mb - self.early_mb <= max(FLAT_MB, FLAT_SHARE * self.early_mb)


def growth_of(samples: Mapping[str, Sequence[float]]) -> list[Growth]:
    """Each process by its samples, which are equally far apart."""
    found = []
    for name, sizes in sorted(samples.items()):
        fifth = max(1, len(sizes) // 5)
        early, late = statistics.fmean(sizes[fifth : 2 * fifth] or sizes), statistics.fmean(sizes[-fifth:])
        found.append(Growth(name, early, late, max(sizes)))
    return found


def watch(stack: Stack, load: Bursts, seconds: float) -> list[Growth]:
    """Looks at the memory of all processes for so long. Raises BenchFailed when one ended."""
    samples: dict[str, list[float]] = defaultdict(list)
    began = said = time.monotonic()
    while time.monotonic() - began < seconds and load.is_alive():
        for each in memory_of(stack.children()):
            samples[each.name].append(each.now_mb)
        if stack.dead():
            raise BenchFailed(f"{stack.dead()[0].name} ended by itself: look into {stack.home}/log")
        if time.monotonic() - said > SAY_SECONDS:
            said = time.monotonic()
            say(f"{said - began:.0f} s of {seconds:.0f}: {load.measured.acknowledged * LOGS:,} logs accepted")
        time.sleep(LOOK_SECONDS)
    most = max(len(sizes) for sizes in samples.values())
    # One that was there for part of the time only, a worker that nginx replaced, can't be judged.
    return growth_of({name: sizes for name, sizes in samples.items() if len(sizes) > most * 0.9})


def wait_until_stored(stack: Stack, records: int) -> float:
    """Seconds until everything is stored. Raises BenchFailed."""
    began = time.monotonic()
    while int(stack.mariadb.execute("SELECT COUNT(*) FROM request", DATACENTRE)) < records:
        if time.monotonic() - began > DRAIN_SECONDS or stack.dead():
            raise BenchFailed(f"not everything was stored: look into {stack.home}/log")
        time.sleep(1)
    return time.monotonic() - began


def run(seconds: float) -> None:
    """Raises one of FAILURES, or LoadFailed."""
    with ground("soak", ALL) as stack:
        requests = requests_of(LOGS, stack.environ("send")[CLIENT_KEY])
        before = topic_ends(stack)
        top = Load((HOST, stack.nginx.port), SENDERS, requests, is_taken).run(WARM_UP_SECONDS, TOP_SECONDS)
        say(f"top rate, while the persister stores: {top.requests_per_second * LOGS:,.0f} logs/s; now half of it")
        load = Bursts(stack.nginx.port, requests, SENDERS, (BURST_SECONDS, BURST_SECONDS))
        load.start()
        growth = watch(stack, load, seconds)
        taken = load.end()
        accepted = top.acknowledged + taken.acknowledged
        if topic_ends(stack) != before + accepted:
            raise BenchFailed(f"{accepted} requests were answered 200, but the topic holds {topic_ends(stack)} records")
        drained = wait_until_stored(stack, before + accepted)
        done = stack.run_word("ledger")
        if done.returncode:
            raise BenchFailed(f"the ledger doesn't balance:\n{done.stdout}{done.stderr}")
    figures = {
        "top_logs_per_s": top.requests_per_second * LOGS,
        "accepted_logs_per_s": taken.acknowledged * LOGS / seconds,
        "accepted_logs": float(taken.acknowledged * LOGS),
        "p99_ms": taken.milliseconds(0.99),
        "stored_s_after": drained,
    }
    rows = [(each.name, each.early_mb, each.late_mb, each.peak_mb, "" if each.is_flat else "grew") for each in growth]
    memory = table(("memory in MB", "early", "late", "at most", ""), rows)
    for each in growth:
        name = f"late_mb_{each.name.partition(',')[0]}"
        figures[name] = figures.get(name, 0.0) + each.late_mb
    publish("soak", figures, table(("", "figure"), list(figures.items())), memory)
    grown = [each.name for each in growth if not each.is_flat and not each.name.startswith(CACHES)]
    if grown:
        raise BenchFailed(f"memory grew: {', '.join(grown)}")


def main() -> int:
    parser = argparse.ArgumentParser("python -m bench.soak", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=600.0, metavar="S", help="at half the rate (default 600)")
    args = parser.parse_args()
    try:
        run(args.seconds)
    except (*FAILURES, LoadFailed) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
