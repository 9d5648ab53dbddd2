"""G11: a record over the topic's limit is refused, and takes none of its neighbours with it."""

import secrets
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import Reply, body_of, log
from tests.integration.topic_rig import eventually

LIMIT = 20_000
NEIGHBOURS = 8


def large() -> bytes:
    """A request that becomes a record of some 30 kB, also when it is compressed."""
    return body_of(*[log(userId=secrets.token_hex(127)) for _ in range(100)])


class OversizeTest(unittest.TestCase):
    rig: IngestRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = IngestRig({"WEB_WORKERS": "1"}, has_nginx=False)
        cls.addClassCleanup(cls.rig.stop)
        cls.rig.start()

    def setUp(self) -> None:
        self.rig.set_topic("max.message.bytes", str(2 * 1024 * 1024))
        self.rig.wait_until_ready()
        self.assertEqual(self.rig.post(large()).status, 200)

    def together(self) -> tuple[Reply, list[Reply]]:
        """One large request and small ones around it, at the same moment."""
        gate = threading.Barrier(NEIGHBOURS + 1)

        def post(data: bytes) -> Reply:
            gate.wait(10)
            return self.rig.post(data)

        with ThreadPoolExecutor(NEIGHBOURS + 1) as threads:
            bodies = [body_of(log()) for _ in range(NEIGHBOURS)]
            bodies.insert(NEIGHBOURS // 2, large())
            waiting = [threads.submit(post, data) for data in bodies]
            replies = [each.result() for each in waiting]
        return replies.pop(NEIGHBOURS // 2), replies

    def assert_only_the_large_one_is_refused(self) -> None:
        before = sum(self.rig.ends().values())
        refused, neighbours = self.together()
        self.assertEqual((refused.status, refused.headers.get("X-Kept")), (413, "no"), refused.data)
        self.assertEqual([each.status for each in neighbours], [200] * NEIGHBOURS, [each.data for each in neighbours])
        self.assertEqual(sum(self.rig.ends().values()) - before, NEIGHBOURS)

    def test_before_the_process_has_seen_the_new_limit_the_broker_refuses_the_large_one_alone(self) -> None:
        self.rig.set_topic("max.message.bytes", str(LIMIT))
        for _ in range(5):
            self.assert_only_the_large_one_is_refused()

    def test_when_it_has_seen_the_limit_the_large_one_is_not_produced_at_all(self) -> None:
        self.rig.set_topic("max.message.bytes", str(LIMIT))
        self.rig.wait_until_unready()
        self.assertIn("max.message.bytes", self.rig.ready()[1][0])
        for _ in range(5):
            self.assert_only_the_large_one_is_refused()

    def test_when_the_limit_is_raised_again_the_large_one_is_taken(self) -> None:
        self.rig.set_topic("max.message.bytes", str(LIMIT))
        self.rig.wait_until_unready()
        self.rig.set_topic("max.message.bytes", str(2 * 1024 * 1024))
        eventually(lambda: self.rig.post(large()).status == 200, "the large request is taken")

    def test_small_records_that_are_too_large_together_are_all_taken(self) -> None:
        self.rig.set_topic("max.message.bytes", "4000")
        self.rig.wait_until_unready()
        data = body_of(*[log(userId=secrets.token_hex(127)) for _ in range(5)])
        before = sum(self.rig.ends().values())
        with ThreadPoolExecutor(12) as threads:
            replies = list(threads.map(lambda _: self.rig.post(data).status, range(48)))
        self.assertEqual(set(replies), {200})
        self.assertEqual(sum(self.rig.ends().values()) - before, 48)
