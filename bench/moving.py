"""`make bench-moving`: do requests fail while URLs move, how long is the way back, what does comparing cost clients."""

import argparse
import contextlib
import io
import json
import statistics
import sys
import time
from collections import defaultdict

from bench.figures import publish, table
from bench.ground import FAILURES, BenchFailed, ground, say
from bench.slow_comparator import SlowComparator
from bench.wrk import Found, Wrk
from commands.__main__ import main as playlog
from devstack.mariadb_settings import REGION
from devstack.parts import ALL, Part
from devstack.stack import Stack

DETAILS = "/1.2/track/details"
CLIENTS, TRACKS, RELEASES = 40, 50, 200
KNOWN_SECONDS, SETTLE_SECONDS = 2.0, 2.0
ROUNDS = 6

MANUAL = """\
Starts a stack of its own (build/bench/stack-moving) with a stand-in of the legacy API, 40 clients and a catalogue of
200 releases, and sends track/details through nginx with wrk (16 connections), which must be installed. In one run: all
versions of a move, 5, 20, 100 % of the clients and back, under that load, and how many requests failed; and the
clients' latency with no comparing, and with the comparator running, stopped, dead, and 5 s slow, in turns. Then the
rates of what goes to the legacy API, what has moved in part, and what has moved whole. All shares the machine's cores.
Prints a table, writes build/bench/moving.json.
"""


def word(stack: Stack, name: str, *arguments: str) -> str:
    """A word of playlog in this process; what it prints. Raises BenchFailed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = playlog([name, *arguments], stack.environ(name))
    if status:
        raise BenchFailed(f"playlog {name} {' '.join(arguments)}: status {status}: {err.getvalue()}")
    return out.getvalue()


class Bench:
    """One stack, its clients and its load."""

    def __init__(self, stack: Stack, seconds: float) -> None:
        self._stack, self._seconds = stack, seconds
        self._figures: dict[str, float] = {}

    def run(self) -> None:
        """All figures."""
        stack = self._stack
        keys = [word(stack, "clients", "add", f"c{n}", "--allow", "legacy.*").split()[0] for n in range(CLIENTS)]
        word(stack, "catalogue", "sample", "--releases", str(RELEASES))
        time.sleep(KNOWN_SECONDS + 10)
        tracks = stack.mariadb.execute("SELECT track_id FROM catalogue_track ORDER BY track_id", REGION).split()
        paths = [
            f"{DETAILS}?trackid={tracks[n % TRACKS]}&country=GB&oauth_consumer_key={keys[n % CLIENTS]}"
            for n in range(CLIENTS * TRACKS)
        ]
        self._wrk = Wrk(stack.places().url, paths, stack.home)
        word(stack, "move", "shadow", "0")
        say(f"warming up: {self._wrk.run(5).per_second:,.0f} requests/s")
        moves = self._move_under_load()
        latency = self._latency()
        rates = self._rates()
        publish("moving", self._figures, moves, latency, rates)

    def _move(self, *arguments: str) -> tuple[str, float]:
        """What it prints, and how long it took until nginx had it."""
        began = time.perf_counter()
        said = word(self._stack, "move", *arguments)
        return said, time.perf_counter() - began

    def _move_under_load(self) -> str:
        """add 5 %, 20 %, 100 %, and back, twice: nothing may fail, and whoever is in stays in."""
        rows: list[tuple[object, ...]] = []
        back: list[float] = []
        sides: list[set[str]] = []
        self._wrk.start(2 * (4 * (SETTLE_SECONDS + 1.5)) + 4)
        force = ("--force", "--reason", "bench-moving")
        for _ in range(2):
            time.sleep(SETTLE_SECONDS)
            _, took = self._move("add", "--path", DETAILS, "--ratio", "5", *force)
            rows.append(("add, 5 % of the clients", took))
            number = json.loads(word(self._stack, "move", "list", "--json"))["moves"][0]["number"]
            sides.append(self._members())
            for share in ("20", "100"):
                _, took = self._move("ratio", str(number), share, *force)
                rows.append((f"ratio, {share} %", took))
                sides.append(self._members())
            _, took = self._move("remove", str(number))
            rows.append(("remove", took))
            back.append(took)
        found = self._wrk.wait()
        if found.failed:
            raise BenchFailed(f"{found.failed} of {found.requests} requests failed while URLs moved")
        for five, twenty, all_ in (sides[:3], sides[3:]):
            if not five <= twenty <= all_ or len(all_) != CLIENTS:
                raise BenchFailed(f"members changed sides: {len(five)}, {len(twenty)}, {len(all_)}")
        rows.append(("requests meanwhile", found.requests))
        rows.append(("of them failed", found.failed))
        rows.append(("clients in at 5, 20, 100 %", ", ".join(str(len(side)) for side in sides[:3])))
        self._figures |= {"requests": found.requests, "failed": found.failed, "back_seconds": max(back)}
        return table(("moving under load, until nginx has it", "s"), rows)

    def _members(self) -> set[str]:
        """The clients whom ours answers now."""
        log = self._stack.nginx.child.log_path
        start = log.stat().st_size
        time.sleep(SETTLE_SECONDS)
        with log.open("rb") as file:
            file.seek(start)
            lines = [line for line in file.read().split(b"\n") if line.startswith(b'{"time"') and line.endswith(b"}")]
        sides: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            facts = json.loads(line)
            sides[facts["origin"]].add(facts["client"])
        if both := sides["app"] & sides["legacy"]:
            raise BenchFailed(f"{len(both)} clients were on both sides at once")
        return sides["app"]

    def _latency(self) -> str:
        """The clients' p99 with the comparator in each state, beside that without comparing, in turns."""
        stack, child = self._stack, self._stack.comparator.child
        found: dict[str, list[Found]] = defaultdict(list)
        for number in range(ROUNDS):
            word(stack, "move", "shadow", "0")
            found["no comparing"].append(self._turn())
            word(stack, "move", "shadow", "100")
            found["comparator running"].append(self._turn())
            child.pause()
            found["comparator stopped"].append(self._turn())
            child.resume()
            stack.comparator.kill()
            found["comparator dead"].append(self._turn())
            with SlowComparator(stack.compare_port):
                found["comparator 5 s slow"].append(self._turn())
            stack.comparator.restart()
            say(
                f"round {number + 1} of {ROUNDS}: p99 " + ", ".join(f"{each[-1].p99_ms:.1f}" for each in found.values())
            )
        rows = []
        for name, turns in found.items():
            # Of one round: the machine's speed moves from one to the next.
            ratios = [turn.p99_ms / bare.p99_ms for turn, bare in zip(turns, found["no comparing"], strict=True)]
            ratio = statistics.median(ratios)
            p50, p99 = (statistics.median(getattr(turn, key) for turn in turns) for key in ("p50_ms", "p99_ms"))
            rows.append((name, p50, p99, ratio, sum(turn.failed for turn in turns)))
            self._figures[f"p99_ratio_{name.replace(' ', '_')}"] = ratio
        word(stack, "move", "shadow", "0")
        return table(("clients' latency", "p50 ms", "p99 ms", "p99 ratio", "failed"), rows)

    def _turn(self) -> Found:
        return self._wrk.run(self._seconds)

    def _rates(self) -> str:
        """What each way costs: both that nginx asks the gateway about, and the one that it needn't."""
        stack = self._stack
        force = ("--force", "--reason", "bench-moving")
        found: dict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS // 2):
            found["legacy"].append(self._turn().per_second)
            word(stack, "move", "add", "--path", DETAILS, "--ratio", "99.99", *force)
            found["moved in part (99.99 %)"].append(self._turn().per_second)
            number = json.loads(word(stack, "move", "list", "--json"))["moves"][0]["number"]
            word(stack, "move", "ratio", str(number), "100", *force)
            found["moved whole"].append(self._turn().per_second)
            word(stack, "move", "remove", str(number))
        rows = [(name, statistics.median(rates)) for name, rates in found.items()]
        self._figures |= {f"rate_{name.split(' (')[0].replace(' ', '_')}": rate for name, rate in rows}
        return table(("track/details through nginx", "requests/s"), rows)


def main() -> int:
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser("make bench-moving", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S", help="a turn (default 5)")
    args = parser.parse_args()
    overrides = {"serve": {"WEB_WORKERS": "2"}}
    try:
        with ground("moving", ALL - {Part.PERSISTER, Part.CLIENT}, overrides) as stack:
            Bench(stack, args.seconds).run()
    except FAILURES as error:
        print(f"bench-moving: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
