"""The doors of `bench-catalogue`: track/details through nginx, beside what it can't be quicker than."""

import random

import requests

from bench.bare_details import BareDetails, StaticFile
from bench.ground import BenchFailed, say
from bench.load import Load, Measured
from commands.sampling.weights import zipf
from devstack.mariadb_settings import REGION
from devstack.ports import HOST
from devstack.stack import Stack

WARM_UP_SECONDS = 0.3
#: Sent first, for what was asked for in the hours before: a count, so that a slow machine keeps as much as a quick one.
FORMER_REQUESTS = 100_000
FORMER_TURN_SECONDS = 5.0
#: Many short turns: the machine's speed moves from second to second.
ROUNDS = 12
#: How the tracks of a platform are asked for: a few hits and a long tail, as in bench-ingest's samples.
EXPONENT = 0.95
TARGETS = 50_000
#: More than are sent: the tail goes on through all turns, and what comes the first time isn't kept anywhere.
DRAWS = 300_000
#: A door whose tracks were never asked for before ends when it might run out of them.
SPARE = 1.3
FIRST_TIME = "details_first_time"
USES = "usageTypes=download,subscriptionstreaming,adsupportedstreaming"
#: Tracks in an order that says nothing of them.
PICK = "SELECT track_id FROM catalogue_track ORDER BY RAND(7) LIMIT"


def get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: playlog\r\n{headers}\r\n".encode()


def is_answer(head: bytes, body: bytes) -> bool:
    """A track, or, of a few, that it isn't out yet."""
    return body.startswith(b"<?xml") and head[9:12] in {b"200", b"404"}


def is_unchanged(head: bytes, body: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 304 ") and not body


class Doors:
    """Requests a second of track/details and of its limits, in turns, for the machine's speed moves."""

    def __init__(self, stack: Stack, connections: int, seconds: float) -> None:
        self._stack = stack
        self._connections, self._seconds = connections, seconds
        self._key, self._port = stack.environ("send")["PLAYLOG_KEY"], stack.nginx.port
        ids = [int(each) for each in stack.mariadb.execute(f"{PICK} {2 * TARGETS}", REGION).split()]
        self._ids, self._fresh = ids[: len(ids) // 2], ids[len(ids) // 2 :]

    def path(self, track_id: int) -> str:
        return f"/1.2/track/details?trackid={track_id}&country=GB&{USES}&oauth_consumer_key={self._key}"

    def measure(self) -> dict[str, Measured]:
        """Each door in each round."""
        stack = self._stack
        rng = random.Random(2)
        sample = self._one_that_is_out()
        body = stack.home / "body.xml"
        body.write_bytes(sample.content)
        drawn = zipf(self._ids, EXPONENT).draw(rng, DRAWS)
        hits = [get(self.path(each)) for each in drawn]
        unchanged = [get(self.path(self._out), f"If-None-Match: {sample.headers['ETag']}\r\n")]
        fresh = [get(self.path(each)) for each in self._fresh]
        found: dict[str, Measured] = {}
        with BareDetails(stack, body) as bare, StaticFile(stack, body) as static:
            bare_path = f"/1.2/track/details?trackid=1&country=GB&{USES}&oauth_consumer_key={self._key}"
            doors = (
                ("static_file", static.port, [get(static.path)], is_answer),
                ("bare_flask", bare.nginx.port, [get(bare_path)], is_answer),
                ("details_hits_and_tail", self._port, hits, is_answer),
                ("details_one_track", self._port, [get(self.path(self._out))], is_answer),
                ("details_unchanged", self._port, unchanged, is_unchanged),
                (FIRST_TIME, self._port, fresh, is_answer),
            )
            # One load a door: in each turn it goes on where the turn before ended.
            loads = {
                name: Load((HOST, port), self._connections, wanted, is_right) for name, port, wanted, is_right in doors
            }
            former = self._send_former(loads["details_hits_and_tail"])
            left, needed = len(fresh), 0.0
            for _ in range(ROUNDS):
                for name, load in loads.items():
                    if name == FIRST_TIME and left < needed:
                        continue
                    measured = load.run(WARM_UP_SECONDS, self._seconds)
                    say(f"{name:<28} {measured.requests_per_second:,.0f} requests/s")
                    found[name] = found[name] + measured if name in found else measured
                    if name == FIRST_TIME:
                        left, needed = left - measured.acknowledged, SPARE * measured.acknowledged
        self._say_shares(drawn, former, found["details_hits_and_tail"].acknowledged, left)
        return found

    def _send_former(self, load: Load) -> int:
        """How many were sent."""
        sent = 0
        while sent < FORMER_REQUESTS:
            sent += load.run(0, FORMER_TURN_SECONDS).acknowledged
            say(f"{sent:,} requests sent before the first turn")
        return sent

    def _say_shares(self, drawn: list[int], former: int, sent: int, left: int) -> None:
        """How much of each was new, and that nothing came round again."""
        if former + sent > len(drawn) or left < 0:
            raise BenchFailed(
                "tracks were asked for again that should be new: take more --releases, or fewer --seconds"
            )
        known = set(drawn[:former])
        asked = drawn[former : former + sent]
        new = 0
        for each in asked:
            new += each not in known
            known.add(each)
        say(f"hits and tail: {sent:,} requests, {new / sent:.1%} of them for a track that nobody had asked for")

    def _one_that_is_out(self) -> requests.Response:
        for track_id in self._ids:
            reply = requests.get(self._stack.places().url + self.path(track_id), timeout=10)
            if reply.status_code == requests.codes.ok:
                self._out = track_id
                return reply
        raise BenchFailed("no track of the sample is out yet")
