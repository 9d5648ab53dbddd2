"""`make bench-ingest`: how many play logs a second are accepted, beside a Flask route that only reads the body."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bench.bare import BareFlask
from bench.bodies import requests_of
from bench.figures import memory_table, publish, table
from bench.ground import FAILURES, BenchFailed, ground, say, topic_ends
from bench.load import Load, LoadFailed, Measured
from bench.memory import memory_of
from devstack.parts import STORES, Part
from devstack.ports import HOST
from devstack.secrets_file import CLIENT_KEY
from devstack.stack import Stack

SIZES = (1, 100, 500)
#: Before each measured time; and of all sizes once, while the broker's compiler is still at work: without it the first
#: figures are a third lower, and say how old the process is.
WARM_UP_SECONDS = 1.0
FIRST_WARM_UP_SECONDS = 8.0

MANUAL = """\
Starts a stack of its own (Kafka, MariaDB, nginx, the app; build/bench/stack-ingest), and beside it a Flask route that
reads the same body and answers {}, under the same gunicorn settings. Senders on kept-alive connections then post
realistic logs, 1, 100 and 500 a request, to each of them, straight to gunicorn and through nginx; client, broker and
servers share the machine's cores. Each reply is checked, and the topic must hold exactly the requests that were
answered 200. Prints a table, writes build/bench/ingest.json.
"""


@dataclass(frozen=True)
class Runs:
    """What was measured with one size of requests."""

    logs: int
    bare: Measured
    direct: Measured
    nginx: Measured

    @property
    def share_of_bare(self) -> float:
        return self.direct.requests_per_second / self.bare.requests_per_second

    @property
    def share_of_direct(self) -> float:
        return self.nginx.requests_per_second / self.direct.requests_per_second


class Ingest:
    """Sends to the three doors, and counts what was acknowledged at those that keep something."""

    def __init__(self, stack: Stack, bare: BareFlask, connections: int, seconds: float) -> None:
        self._stack, self._bare = stack, bare
        self._connections, self._seconds = connections, seconds
        self._key = stack.environ("send")[CLIENT_KEY]
        self.acknowledged = 0

    def warm_up(self, seconds: float) -> None:
        for logs in SIZES:
            say(f"warming up with {logs} logs a request")
            for port in (self._stack.app.port, self._bare.port, self._stack.nginx.port):
                self._run(port, requests_of(logs, self._key), seconds)

    def measure(self) -> Iterator[Runs]:
        """One size after the other; bare Flask before and after, for the machine's speed moves."""
        for logs in SIZES:
            requests = requests_of(logs, self._key)
            before = self._say(logs, "bare Flask", self._run(self._bare.port, requests, self._seconds / 2))
            direct = self._say(logs, "direct", self._run(self._stack.app.port, requests, self._seconds))
            nginx = self._say(logs, "through nginx", self._run(self._stack.nginx.port, requests, self._seconds))
            after = self._say(logs, "bare Flask", self._run(self._bare.port, requests, self._seconds / 2))
            yield Runs(logs, before + after, direct, nginx)

    def _run(self, port: int, requests: list[bytes], seconds: float) -> Measured:
        load = Load((HOST, port), self._connections, requests, _is_bare if port == self._bare.port else _is_taken)
        found = load.run(WARM_UP_SECONDS, seconds)
        if port != self._bare.port:
            self.acknowledged += found.acknowledged
        return found

    def _say(self, logs: int, door: str, found: Measured) -> Measured:
        say(f"{logs:>4} logs a request, {door}: {found.requests_per_second:,.0f} requests/s")
        return found


def _is_bare(head: bytes, body: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 200 ") and body == b"{}"


def _is_taken(head: bytes, body: bytes) -> bool:
    return _is_bare(head, body) and b"\r\nX-Receipt: 1." in head and b"\r\nX-Request-Id: " in head


def figures_of(runs: list[Runs], acknowledged: int, in_topic: int) -> dict[str, float]:
    """The flat figures: requests/s for one log a request, logs/s for more; milliseconds; shares of bare Flask."""
    found: dict[str, float] = {}
    for run in runs:
        unit, each = ("requests", 1) if run.logs == 1 else ("logs", run.logs)
        for door, measured in (("direct", run.direct), ("nginx", run.nginx), ("bare", run.bare)):
            found[f"{door}_{run.logs}_{unit}_per_s"] = measured.requests_per_second * each
            found[f"{door}_{run.logs}_p50_ms"] = measured.milliseconds(0.5)
            found[f"{door}_{run.logs}_p99_ms"] = measured.milliseconds(0.99)
        found[f"share_of_bare_flask_{run.logs}"] = run.share_of_bare
        found[f"nginx_share_of_direct_{run.logs}"] = run.share_of_direct
    found["p99_ms_max"] = max(each.milliseconds(0.99) for run in runs for each in (run.direct, run.nginx))
    return found | {"acknowledged": acknowledged, "in_topic": in_topic}


def _speeds(runs: list[Runs]) -> str:
    rows = []
    for run in runs:
        for door, measured, beside in (
            ("bare Flask", run.bare, ""),
            ("direct", run.direct, f"{run.share_of_bare:.2f} of bare"),
            ("nginx", run.nginx, f"{run.share_of_direct:.2f} of direct"),
        ):
            speed = measured.requests_per_second
            times = (measured.milliseconds(0.5), measured.milliseconds(0.99))
            rows.append((f"{run.logs} a request, {door}", speed, speed * run.logs, *times, beside))
    return table(("logs", "requests/s", "logs/s", "p50 ms", "p99 ms", "share"), rows)


def run(connections: int, seconds: float, warm_up_seconds: float) -> None:
    """Raises one of FAILURES, or LoadFailed."""
    with ground("ingest", STORES | {Part.APP, Part.NGINX}) as stack, BareFlask(stack) as bare:
        ingest = Ingest(stack, bare, connections, seconds)
        ingest.warm_up(warm_up_seconds / 3)
        runs = list(ingest.measure())
        in_topic = topic_ends(stack)
        memory = memory_table(memory_of([*stack.children(), bare.child]))
    publish("ingest", figures_of(runs, ingest.acknowledged, in_topic), _speeds(runs), memory)
    if in_topic != ingest.acknowledged:
        raise BenchFailed(f"{ingest.acknowledged} requests were answered 200, but the topic holds {in_topic} records")
    print(f"{in_topic:,} requests answered 200, {in_topic:,} records in the topic", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser("make bench-ingest", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--connections", type=int, default=32, metavar="N", help="senders at a time (default 32)")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="measured each time (default 10)")
    parser.add_argument(
        "--warm-up", type=float, default=FIRST_WARM_UP_SECONDS * 3, metavar="S", help="before all, in all (default 24)"
    )
    args = parser.parse_args()
    try:
        run(args.connections, args.seconds, args.warm_up)
    except (*FAILURES, LoadFailed) as error:
        print(f"bench-ingest: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
