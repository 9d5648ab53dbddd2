"""`make bench-catalogue`: a whole catalogue to the region, a change's way, the proof, and track/details."""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from statistics import quantiles

import requests

from bench.catalogue_doors import Doors
from bench.figures import memory_table, publish, table
from bench.ground import FAILURES, BenchFailed, ground, say
from bench.load import LoadFailed
from bench.memory import Memory, memory_of
from catalogue.sample.make import FIRST_RELEASE_ID
from common.config import load
from common.database import any_rows, connect, run
from common.datacentre import Datacentre
from common.region import Region
from devstack.mariadb_settings import DATACENTRE, REGION
from devstack.parts import Part
from devstack.stack import Stack

PARTS = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES, Part.CLIENT})
LOOK_SECONDS = 0.2
WORD_SECONDS = 1_800.0

MANUAL = """\
Starts a stack of its own (Kafka, MariaDB, nginx; build/bench/stack-catalogue) and makes up a catalogue in it. Times how
it is published and stored whole, by a producer and a region that begin with nothing; single changes, from their COMMIT
until the region's database, and the answer through nginx, has them; `verify` of both legs; and track/details through
nginx, for hits and tail of the catalogue, beside the same body from a bare Flask route, and as a file, through nginx
in the same run. Client, servers and databases share the machine's cores. Prints tables, writes
build/bench/catalogue.json.
"""


class Catalogue:
    """The stack, with the catalogue that was made up in it."""

    def __init__(self, stack: Stack, releases: int) -> None:
        self.stack, self.releases = stack, releases
        self.figures: dict[str, float] = {}
        self.memory: list[Memory] = []

    def word(self, *arguments: str) -> float:
        """Seconds of `playlog catalogue …`, which has to succeed."""
        began = time.monotonic()
        done = self.stack.run_word("catalogue", *arguments, seconds=WORD_SECONDS)
        if done.returncode:
            raise BenchFailed(f"catalogue {arguments[0]}: {done.stdout}{done.stderr}")
        return time.monotonic() - began

    def count(self, schema: str, sql: str) -> int:
        """One number out of a database."""
        return int(self.stack.mariadb.execute(sql, schema).strip() or 0)

    def fill(self) -> None:
        """Makes the catalogue up."""
        seconds = self.word("sample", "--releases", str(self.releases))
        self.tracks = self.count(DATACENTRE, "SELECT COUNT(*) FROM catalogue_track")
        say(f"{self.releases:,} releases with {self.tracks:,} tracks, made up in {seconds:,.0f} s")

    def publish_and_persist(self) -> None:
        """From nothing: the producer's outbox has every release, the region none."""
        stack = self.stack
        began = time.monotonic()
        for service in (stack.producer, stack.sink):
            service.start()
        halfway: list[Memory] = []
        published_at = 0.0
        while True:
            stored = self.count(REGION, "SELECT COALESCE(SUM(releases), 0) FROM catalogue_sum")
            if not published_at and not self.count(DATACENTRE, "SELECT EXISTS (SELECT 1 FROM catalogue_outbox)"):
                published_at = time.monotonic()
            if stored >= self.releases // 2 and not halfway:
                halfway = memory_of([stack.producer.child, stack.sink.child])
            if stored >= self.releases:
                break
            time.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - began
        rows = self.releases + self.tracks
        self.memory = [*halfway, *memory_of([stack.producer.child, stack.sink.child])]
        self.figures |= {
            "publish_seconds": (published_at or time.monotonic()) - began,
            "persist_seconds": seconds,
            "releases_per_s": self.releases / seconds,
            "rows_per_s": rows / seconds,
        }
        say(f"published and stored in {seconds:,.1f} s: {self.releases / seconds:,.0f} releases/s")

    def changes(self, number: int, url: str, key: str) -> None:
        """Each change by itself: its title, until the region's row and, for every fourth, the answer has it."""
        at, there = load(Datacentre, self.stack.environ("catalogue")), load(Region, self.stack.environ("catalogue"))
        rng = random.Random(1)
        region_ms: list[float] = []
        answer_ms: list[float] = []
        with (
            closing(connect(at.database, at.password, idle_seconds=600)) as source,
            closing(connect(there.database, there.password, idle_seconds=600)) as region,
            requests.Session() as session,
        ):
            region.autocommit(True)
            for turn in range(number):
                release_id = FIRST_RELEASE_ID + rng.randrange(self.releases)
                title = f"Title of turn {turn}"
                run(source, "UPDATE catalogue_release SET title = %s WHERE release_id = %s", (title, release_id))
                sql = "SELECT version FROM catalogue_version WHERE release_id = %s"
                ((version,),) = any_rows(source, sql, (release_id,))
                began = time.monotonic()
                source.commit()
                held = "SELECT version FROM catalogue_release WHERE release_id = %s"
                while any_rows(region, held, (release_id,))[0][0] < version:
                    time.sleep(0.002)
                region_ms.append((time.monotonic() - began) * 1000)
                if turn % 4 == 0:
                    path = f"/1.2/release/details?releaseid={release_id}&country=GB&oauth_consumer_key={key}"
                    while True:
                        reply = session.get(url + path, timeout=10)
                        if title in reply.text or reply.status_code == requests.codes.not_found:
                            break
                        time.sleep(0.002)
                    answer_ms.append((time.monotonic() - began) * 1000)
        self.figures |= spread("change_to_region_ms", region_ms) | spread("change_to_answer_ms", answer_ms)

    def verify(self) -> None:
        """Both legs, and the second by the topic itself."""
        self.figures["verify_published_s"] = self.word("verify", "--leg", "published")
        self.figures["verify_region_s"] = self.word("verify", "--leg", "region")
        self.figures["verify_region_by_the_topic_s"] = self.word("verify", "--leg", "region", "--from-log")
        say(f"verified: {self.figures['verify_published_s']:.1f} s and {self.figures['verify_region_s']:.1f} s")


def spread(name: str, found: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the most."""
    cuts = quantiles(found, n=100)
    return {f"{name}_p50": cuts[49], f"{name}_p99": cuts[98], f"{name}_max": max(found)}


def measure(releases: int, changes: int, connections: int, seconds: float) -> None:
    """Raises one of FAILURES, or LoadFailed."""
    with ground("catalogue", PARTS) as stack:
        catalogue = Catalogue(stack, releases)
        catalogue.fill()
        catalogue.publish_and_persist()
        catalogue.verify()
        stack.app.start()
        stack.nginx.start()
        catalogue.changes(changes, stack.places().url, stack.environ("send")["PLAYLOG_KEY"])
        doors = Doors(stack, connections, seconds).measure()
        figures = catalogue.figures | {f"{name}_per_s": each.requests_per_second for name, each in doors.items()}
        bare = doors["bare_flask"].requests_per_second
        rows = [
            (name, each.requests_per_second, each.milliseconds(0.5), each.milliseconds(0.99),
             f"{each.requests_per_second / bare:.2f}")
            for name, each in doors.items()
        ]  # fmt: skip
        publish(
            "catalogue",
            figures,
            table((f"{releases:,} releases, {catalogue.tracks:,} tracks", ""), list(catalogue.figures.items())),
            memory_table(catalogue.memory),
            table(("door, through nginx", "requests/s", "p50 ms", "p99 ms", "of bare Flask"), rows),
        )


def main() -> int:
    parser = argparse.ArgumentParser("make bench-catalogue", description=MANUAL)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--releases", type=int, default=100_000, metavar="N", help="ten tracks each (default 100000)")
    parser.add_argument("--changes", type=int, default=400, metavar="N", help="single changes (default 400)")
    parser.add_argument("--connections", type=int, default=16, metavar="N", help="senders at a time (default 16)")
    parser.add_argument("--seconds", type=float, default=1.5, metavar="S", help="measured each time (default 1.5)")
    args = parser.parse_args()
    try:
        measure(args.releases, args.changes, args.connections, args.seconds)
    except (*FAILURES, LoadFailed) as error:
        print(f"bench-catalogue: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
