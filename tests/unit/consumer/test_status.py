"""/health and /ready of the persister, over real HTTP on the loopback."""

import json
import unittest
import urllib.error
import urllib.request
from typing import Any

from common.status_server import StatusServer
from consumer.partition import Partition
from consumer.status import describe


class StatusTest(unittest.TestCase):
    def setUp(self) -> None:
        self.partitions: list[Partition] = []
        self.waiting: str | None = None
        self.is_alive = True
        about = lambda: describe(self.partitions, self.waiting)  # noqa: E731
        self.server = StatusServer(("127.0.0.1", 0), about, lambda: self.is_alive)
        self.server.start()
        self.addCleanup(self.server.stop)

    def get(self, path: str) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server.port}{path}", timeout=5) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def test_is_ready_when_every_partition_is_read_without_trouble(self) -> None:
        self.partitions = [Partition(1, expected=5), Partition(0, expected=0)]
        status, about = self.get("/ready")
        self.assertEqual((status, [each["partition"] for each in about["partitions"]]), (200, [0, 1]))

    def test_is_not_ready_while_one_is_troubled_held_or_not_begun(self) -> None:
        for changes in ({"trouble": "1290"}, {"held": "dead letters"}, {"expected": None}):
            self.partitions = [Partition(0, expected=0), Partition(1, **({"expected": 0} | changes))]
            self.assertEqual(self.get("/ready")[0], 503, changes)

    def test_says_what_the_start_waits_for(self) -> None:
        self.waiting = "Kafka"
        status, about = self.get("/ready")
        self.assertEqual((status, about["waiting_for"]), (503, "Kafka"))

    def test_health_is_that_of_the_loop(self) -> None:
        self.assertEqual(self.get("/health"), (200, {"alive": True}))
        self.is_alive = False
        self.assertEqual(self.get("/health"), (503, {"alive": False}))

    def test_other_paths_are_not_there(self) -> None:
        self.assertEqual(self.get("/metrics")[0], 404)
