"""G05: bodies that arrive a byte a second hold connections of nginx, and no thread of the web process."""

import socket
import statistics
import threading
import time

from devstack.ports import HOST
from tests.integration.ingest_case import IngestCase
from tests.integration.ingest_sender import PATH, body_of, log

SLOW_SENDERS = 40
ANNOUNCED_BYTES = 10_000
POSTS = 60
#: What 60 good requests may need beside the slow ones; alone they take a few milliseconds each.
MEDIAN_SECONDS = 0.25
WORST_SECONDS = 2.0


class SlowBodiesTest(IngestCase):
    def setUp(self) -> None:
        self.ended = threading.Event()
        self.sockets = [self.slow_sender() for _ in range(SLOW_SENDERS)]
        self.dripping = threading.Thread(target=self.drip)
        self.dripping.start()

    def tearDown(self) -> None:
        self.ended.set()
        self.dripping.join()
        for each in self.sockets:
            each.close()

    def slow_sender(self) -> socket.socket:
        sender = socket.create_connection((HOST, self.rig.port), timeout=10)
        head = (
            f"POST {PATH}?country=GB&oauth_consumer_key={self.rig.key} HTTP/1.1\r\nHost: slow\r\n"
            f"Content-Type: application/json\r\nContent-Length: {ANNOUNCED_BYTES}\r\n\r\n"
        )
        sender.sendall(head.encode() + b"{")
        return sender

    def drip(self) -> None:
        """A byte a second from each, as long as the test goes on."""
        while not self.ended.wait(1):
            for each in self.sockets:
                each.sendall(b" ")

    def test_good_posts_keep_their_latency_and_nothing_of_the_slow_ones_is_kept(self) -> None:
        before = sum(self.rig.ends().values())
        data = body_of(log())
        taken: list[float] = []
        deadline = time.monotonic() + 3
        while len(taken) < POSTS or time.monotonic() < deadline:
            started = time.monotonic()
            self.assertEqual(self.rig.post(data).status, 200)
            taken.append(time.monotonic() - started)
        self.assertLess(statistics.median(taken), MEDIAN_SECONDS)
        self.assertLess(max(taken), WORST_SECONDS)
        self.assertEqual(sum(self.rig.ends().values()) - before, len(taken))
        self.assertEqual(self.rig.ready()[0], 200)
