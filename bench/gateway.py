"""`make bench-gateway`: what the gateway's verdict costs, and whether the daily limit is exact."""

import argparse
import http.client
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench.figures import publish, table
from bench.ground import FAILURES, BenchFailed, ground, say
from bench.load import Load, LoadFailed, Measured
from bench.small import CHECKED, LEGACY, UNCHECKED, Small
from bench.verdicts import Verdicts
from devstack.mariadb_settings import REGION
from devstack.nginx import Nginx
from devstack.parts import Part
from devstack.ports import HOST, Ports
from devstack.stack import Stack

WORKERS = 4
LIMIT, THREADS, EACH = 4_000, 32, 500
WARM_UP_SECONDS = 1.0

MANUAL = """\
Starts a stack of its own (MariaDB, nginx; build/bench/stack-gateway) and a Flask application that answers {} without
the check, with it, and as a legacy API behind nginx's auth_request, under the app's gunicorn settings with four
workers. Times the verdict within one process; requests a second at each door; and sends 32 x 500 requests at once
against a limit of 4,000, of which exactly 4,000 must be let in. Client, servers and database share the machine's
cores. Prints a table, writes build/bench/gateway.json.
"""


def add_client(stack: Stack, name: str, *arguments: str) -> str:
    """Adds a client; its key."""
    done = stack.run_word("clients", "add", name, "--allow", "tracks", "--allow", "legacy.*", *arguments)
    if done.returncode:
        raise BenchFailed(done.stderr)
    return done.stdout.split()[0]


def request(path: str, key: str) -> bytes:
    return f"GET {path}?oauth_consumer_key={key} HTTP/1.1\r\nHost: playlog\r\n\r\n".encode()


def is_right(head: bytes, body: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 200 ") and body == b"{}"


class Doors:
    """Sends to one door after the other; the one without the check before and after, for the machine's speed moves."""

    def __init__(self, small: Small, nginx: Nginx, connections: int, seconds: float) -> None:
        self._small, self._nginx = small, nginx
        self._connections, self._seconds = connections, seconds

    def measure(self, unlimited: str, limited: str) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        for name, port, path, key in (
            ("direct_unchecked", self._small.port, UNCHECKED, unlimited),
            ("direct_unlimited", self._small.port, CHECKED, unlimited),
            ("direct_limited", self._small.port, CHECKED, limited),
            ("direct_unchecked", self._small.port, UNCHECKED, unlimited),
            ("nginx_unchecked", self._nginx.port, UNCHECKED, unlimited),
            ("nginx_unlimited", self._nginx.port, CHECKED, unlimited),
            ("nginx_auth_request", self._nginx.port, LEGACY, unlimited),
            ("nginx_unchecked", self._nginx.port, UNCHECKED, unlimited),
        ):
            load = Load((HOST, port), self._connections, [request(path, key)], is_right)
            measured = load.run(WARM_UP_SECONDS, self._seconds)
            say(f"{name:<20} {measured.requests_per_second:,.0f} requests/s")
            found[name] = found[name] + measured if name in found else measured
        return found


def exactness(port: int, key: str) -> Counter[int]:
    """Statuses of 32 x 500 requests at once."""

    def work(_: int) -> list[int]:
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        statuses = []
        for _ in range(EACH):
            connection.request("GET", f"{CHECKED}?oauth_consumer_key={key}")
            reply = connection.getresponse()
            reply.read()
            statuses.append(reply.status)
        connection.close()
        return statuses

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(status for found in pool.map(work, range(THREADS)) for status in found)


def verdicts_of(stack: Stack) -> dict[str, float]:
    """Microseconds of each kind of verdict, in one process."""
    verdicts = Verdicts(stack)
    verdicts.books.start()
    try:
        found = {
            "pure_us": verdicts.pure(),
            "unlimited_unsigned_us": verdicts.unsigned("client-1"),
            "limited_unsigned_us": verdicts.unsigned("limited"),
            "signed_us": verdicts.signed_alone(),
            "signed_with_table_us": verdicts.signed(),
            "signed_with_table_by_16_threads_us": verdicts.signed_by_threads(),
        }
    finally:
        verdicts.books.stop()
    for name, value in found.items():
        say(f"{name:<36} {value:,.1f}")
    return found


def _tables(verdicts: dict[str, float], doors: dict[str, Measured]) -> tuple[str, str]:
    kinds = [(name.removesuffix("_us"), value, 1e6 / value) for name, value in verdicts.items()]
    rows = []
    for name, measured in doors.items():
        beside = doors[f"{name.partition('_')[0]}_unchecked"].requests_per_second
        share = f"{measured.requests_per_second / beside:.2f}"
        rows.append(
            (name, measured.requests_per_second, measured.milliseconds(0.5), measured.milliseconds(0.99), share)
        )
    return (
        table(("verdict, in one process", "us", "a second"), kinds),
        table(("door", "requests/s", "p50 ms", "p99 ms", "of unchecked"), rows),
    )


def run(connections: int, seconds: float) -> None:
    """Raises one of FAILURES, or LoadFailed."""
    settings = {"serve": {"WEB_WORKERS": str(WORKERS), "KAFKA_BOOTSTRAP": "127.0.0.1:1"}}
    with ground("gateway", frozenset({Part.MARIADB, Part.TABLES}), settings) as stack:
        verdicts = verdicts_of(stack)
        unlimited, plenty = add_client(stack, "unlimited"), add_client(stack, "plenty", "--limit", "4000000000")
        exact = add_client(stack, "exact", "--limit", str(LIMIT))
        with Small(stack) as small:
            nginx = Nginx(stack.home, Ports(), lambda: small.port, legacy=f"{HOST}:{small.port}")
            nginx.start()
            try:
                doors = Doors(small, nginx, connections, seconds).measure(unlimited, plenty)
                statuses = exactness(nginx.port, exact)
            finally:
                nginx.stop()
        used = int(stack.mariadb.execute("SELECT used FROM client_usage WHERE client = 'exact'", REGION))
    figures = verdicts | {f"{name}_per_s": each.requests_per_second for name, each in doors.items()}
    admitted = statuses[200]
    publish("gateway", figures | {"admitted": admitted, "counted": used}, *_tables(verdicts, doors))
    print(
        f"limit {LIMIT:,}: of {THREADS * EACH:,} requests {admitted:,} were let in, the counter says {used:,}",
        flush=True,
    )
    if (admitted, used) != (LIMIT, LIMIT):
        raise BenchFailed(f"the limit isn't exact: {dict(statuses)}, counted {used}")


def main() -> int:
    parser = argparse.ArgumentParser("make bench-gateway", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--connections", type=int, default=16, metavar="N", help="senders at a time (default 16)")
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S", help="measured each time (default 5)")
    args = parser.parse_args()
    try:
        run(args.connections, args.seconds)
    except (*FAILURES, LoadFailed) as error:
        print(f"bench-gateway: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
