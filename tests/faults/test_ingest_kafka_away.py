"""Kafka hangs, dies, or has no topic yet: what a sender hears, how soon, and that all is well again by itself."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from app.logs.limits import REPLY_DEADLINE_SECONDS
from devstack.topics import create_play_logs
from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import Reply, body_of, log
from tests.integration.topic_rig import eventually

#: Beyond the reply deadline: nginx alone would wait for 15 s.
LATEST_SECONDS = REPLY_DEADLINE_SECONDS + 2
AT_ONCE_SECONDS = 0.9
UNDER_WAY, MOST_UNDER_WAY = 6, 30


class KafkaAwayTest(unittest.TestCase):
    rig: IngestRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = IngestRig()
        cls.addClassCleanup(cls.rig.stop)
        cls.rig.start()

    def timed(self) -> tuple[Reply, float]:
        started = time.monotonic()
        reply = self.rig.post(body_of(log()))
        return reply, time.monotonic() - started

    def assert_back(self) -> None:
        """Good requests are taken again, by every worker, and the process says that it is ready."""
        eventually(lambda: [self.timed()[0].status for _ in range(8)] == [200] * 8, "requests are taken again")
        self.rig.wait_until_ready()

    def many(self, count: int) -> list[tuple[Reply, float]]:
        """So many requests at the same moment."""
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(lambda _: self.timed(), range(count)))

    def assert_refused(self, replies: list[tuple[Reply, float]], at_once: int) -> None:
        """All hear 503 in time: at least so many at once that nothing was kept, the others that nobody knows."""
        kept = []
        for reply, seconds in replies:
            self.assertEqual(reply.status, 503, reply.data)
            self.assertGreater(int(reply.headers["Retry-After"]), 0)
            kept.append(reply.headers["X-Kept"])
            self.assertLess(seconds, AT_ONCE_SECONDS if kept[-1] == "no" else LATEST_SECONDS)
        self.assertGreaterEqual(kept.count("no"), at_once)
        self.assertEqual(set(kept) - {"no", "unknown"}, set())

    def test_a_broker_that_hangs(self) -> None:
        node = self.rig.stack.kafka.nodes[0].child
        before = sum(self.rig.ends().values())
        workers = self.rig.workers()
        node.pause()
        try:
            with ThreadPoolExecutor(MOST_UNDER_WAY) as threads:
                first = [threads.submit(self.timed) for _ in range(UNDER_WAY)]

                def are_open() -> bool:
                    # A worker that has none of the requests doesn't know yet: it is the one that gets the next.
                    if all(self.rig.ready()[0] == 503 for _ in range(8)):
                        return True
                    if len(first) < MOST_UNDER_WAY:
                        first.append(threads.submit(self.timed))
                    return False

                eventually(are_open, "the circuit of each worker is open", LATEST_SECONDS)
                self.assertEqual(self.rig.request("GET", "/health").status, 200)
                # Each worker lets one request through, to see whether Kafka is back.
                self.assert_refused(self.many(12), at_once=12 - len(workers))
                self.assert_refused([each.result() for each in first], at_once=0)
            self.rig.wait_until_unready()
        finally:
            node.resume()
        self.assert_back()
        self.assertEqual(self.rig.workers(), workers)
        self.assertGreaterEqual(sum(self.rig.ends().values()), before + 8)

    def test_a_broker_that_is_killed_and_started_again(self) -> None:
        node = self.rig.stack.kafka.nodes[0]
        self.assert_back()
        receipt, workers = self.timed()[0].headers["X-Receipt"], self.rig.workers()
        node.kill()
        try:
            eventually(lambda: self.timed()[0].headers.get("X-Kept") == "no", "the circuit is open")
            # Far more than there are threads: they hear at once, but for a few, and leave the others alone.
            with ThreadPoolExecutor(60) as threads:
                asked = [threads.submit(self.ask, receipt) for _ in range(60)]
                started = time.monotonic()
                self.assertEqual(self.rig.request("GET", "/health").status, 200)
                self.assertLess(time.monotonic() - started, AT_ONCE_SECONDS)
                self.assertEqual({each.result().status for each in asked}, {503})
        finally:
            node.start()
        self.assert_back()
        eventually(lambda: self.ask(receipt).status == 200, "receipts are answered again")
        # A question that had timed out was seen to end the process when the broker was back.
        self.assertEqual(self.rig.workers(), workers)

    def ask(self, receipt: str) -> Reply:
        return self.rig.request("GET", f"/1.2/logs/receipts/{receipt}?oauth_consumer_key={self.rig.key}")


class NoTopicYetTest(unittest.TestCase):
    def test_it_serves_without_a_topic_refuses_at_once_and_is_ready_when_the_topic_is_there(self) -> None:
        rig = IngestRig({"WEB_WORKERS": "1"}, has_nginx=False)
        self.addCleanup(rig.stop)
        rig.service.launch()
        eventually(rig.is_alive, "the process is alive")
        self.assertIn("create it", rig.ready()[1][0])
        started = time.monotonic()
        reply = rig.post(body_of(log()))
        self.assertEqual((reply.status, reply.headers["X-Kept"]), (503, "no"))
        self.assertLess(time.monotonic() - started, AT_ONCE_SECONDS)
        create_play_logs(rig.stack.kafka.bootstrap, rig.topic)
        rig.wait_until_ready()
        eventually(lambda: rig.post(body_of(log())).status == 200, "requests are taken")
