"""The daily limit over four workers: exact, free for refusals and our failures, given back at the end (G23)."""

import os
import signal
import unittest
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

from app.gateway.account import MAX_LEASE
from tests.gateway.gateway_rig import FEW_WORKERS, SECONDS, GatewayRig, Known, gateway_rig, restarted_rig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually


class LimitsTest(unittest.TestCase):
    rig: GatewayRig
    #: A client for each limit.
    owners: Mapping[str, Known]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = gateway_rig()
        limits = ("700", "100", "30", "4000")
        found = cls.rig.several(
            *(("--allow", "legacy.*", "--limit", limit) for limit in limits), ("--allow", "legacy.*")
        )
        cls.owners = dict(zip((*limits, "none"), found, strict=True))

    def fire(self, key: str, threads: int, times: int) -> Counter[int]:
        """So many GETs of the legacy API from so many threads, each on connections of its own; statuses."""

        def work(_: int) -> list[int]:
            with requests.Session() as session:
                url = f"{self.rig.url}/1.2/artist/x?oauth_consumer_key={key}"
                return [session.get(url, timeout=SECONDS).status_code for _ in range(times)]

        with ThreadPoolExecutor(threads) as pool:
            return Counter(status for found in pool.map(work, range(threads)) for status in found)

    def test_of_many_requests_at_once_exactly_the_limit_is_let_in(self) -> None:
        name, key, _ = self.owners["700"]
        self.assertEqual(self.fire(key, 16, 75), {200: 700, 429: 500})
        self.assertEqual(self.rig.used(name), 700)
        self.rig.settled(name, 700)

    def test_twenty_requests_for_the_last_one(self) -> None:
        # G23: InternHack #1741, CliRelay #1045.
        name, key, _ = self.owners["100"]
        self.assertEqual(self.fire(key, 1, 99), {200: 99})
        self.assertEqual(self.fire(key, 20, 1), {200: 1, 429: 19})
        self.rig.settled(name, 100)

    def test_a_limit_that_is_raised_in_mid_run_works_at_once_and_keeps_the_count(self) -> None:
        name, key, _ = self.owners["30"]
        self.assertEqual(self.fire(key, 4, 10), {200: 30, 429: 10})
        self.rig.clients("limit", name, "40")
        eventually(lambda: self.rig.get("/1.2/artist/x", key).status_code == 200, "the limit is raised", 2)
        self.assertEqual(self.fire(key, 4, 10), {200: 9, 429: 31})
        self.rig.settled(name, 40)

    def test_a_client_sees_its_own_use(self) -> None:
        name, key, _ = self.owners["4000"]
        self.fire(key, 4, 30)
        self.rig.settled(name, 120)
        # All workers have read what the others counted, and gave back.
        self.rig.wait_until_known(key)
        found = self.limits(key).json()["limits"]
        self.assertEqual((found["client"], found["dailyLimit"], found["remaining"]), (name, 4_000, 3_880))
        # Looking costs nothing.
        self.rig.settled(name, 120)

    def limits(self, key: str) -> requests.Response:
        return self.rig.get("/1.2/limits", key, headers={"Accept": "application/json"})

    def test_a_client_without_a_limit_is_counted_beside_its_requests(self) -> None:
        name, key, _ = self.owners["none"]
        self.assertEqual(self.fire(key, 4, 50), {200: 200})
        self.rig.settled(name, 200)


class EndTest(unittest.TestCase):
    """Processes end."""

    def setUp(self) -> None:
        self.rig = restarted_rig()
        self.name, self.key, _ = self.rig.client("--allow", "logs.*", "--limit", "100000")

    def send(self, times: int) -> int:
        """Posts logs until so many were taken; how many were."""
        with requests.Session() as session:
            url = f"{self.rig.url}/1.2/user/preview/log?country=GB&oauth_consumer_key={self.key}"
            replies = [session.post(url, data=body_of(log()), headers=JSON, timeout=SECONDS) for _ in range(times)]
        return sum(reply.status_code == 200 for reply in replies)

    def test_leases_come_back_on_sigterm_and_kill_costs_a_lease_a_process_at_most(self) -> None:
        taken = self.send(130)
        self.assertEqual(taken, 130)
        self.rig.service.stop()
        self.assertEqual(self.rig.used(self.name), taken)
        self.rig.service.restart()
        taken += self.send(130)
        for worker in self.rig.workers():
            os.kill(worker, signal.SIGKILL)
        lost = self.rig.used(self.name) - taken
        self.assertGreaterEqual(lost, 0)
        self.assertLessEqual(lost, FEW_WORKERS * MAX_LEASE)
        # The new workers go on from there.
        eventually(lambda: self.send(1) == 1, "the app takes logs again", SECONDS)
        self.rig.settled(self.name, taken + lost + 1)


JSON = {"Content-Type": "application/json"}
