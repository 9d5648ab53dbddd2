"""One web process behind nginx for all tests that leave it as it was, and what has to hold after a refusal."""

import atexit
import unittest
from functools import cache

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import Reply, body_of, log


@cache
def shared_rig() -> IngestRig:
    """One web process behind nginx, for all tests that leave it as it was."""
    rig = IngestRig()
    atexit.register(rig.stop)
    return rig.start()


class IngestCase(unittest.TestCase):
    """Tests on the shared web process behind nginx."""

    rig: IngestRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = shared_rig()

    def assert_refused(self, reply: Reply, status: int, before: dict[int, int], workers: list[int]) -> None:
        """R0: a refusal in our shape, nothing in the topic, the same workers, and the next good request is taken."""
        self.assertEqual(reply.status, status, reply.data[:300])
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertIn("code", reply.error)
        self.assertEqual(self.rig.ends(), before)
        self.assertEqual(self.rig.workers(), workers)
        self.assertEqual(self.rig.post(body_of(log())).status, 200)
