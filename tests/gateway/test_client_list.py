"""The web process's list of clients: revoked within two seconds, and 503 without any."""

import unittest

from tests.gateway.gateway_rig import restarted_rig
from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually

REVOKED_WITHIN_SECONDS = 2.0


class ClientsTest(unittest.TestCase):
    rig: IngestRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = restarted_rig()

    def status(self, key: str) -> int:
        return self.rig.post(body_of(log()), key=key).status

    def everywhere(self, key: str, status: int) -> bool:
        """Whether all workers answer so."""
        return {self.status(key) for _ in range(8)} == {status}

    def test_a_new_key_is_known_and_a_revoked_one_refused_within_two_seconds(self) -> None:
        name = f"brief-{self.rig.topic}"
        key = self.rig.add_client(name)
        eventually(lambda: self.everywhere(key, 200), "the new key is known", REVOKED_WITHIN_SECONDS)
        self.rig.clients("revoke", name)
        eventually(lambda: self.everywhere(key, 401), "the revoked key is refused", REVOKED_WITHIN_SECONDS)


class NoListTest(unittest.TestCase):
    def test_without_database_and_file_it_is_503_and_never_401(self) -> None:
        rig = IngestRig({"REGION_DB_URL": "mysql://playlog_app@127.0.0.1:1/playlog_region"}, has_nginx=False)
        self.addCleanup(rig.stop)
        rig.service.launch()
        eventually(rig.is_alive, "the process is alive")
        reply = rig.post(body_of(log()))
        self.assertEqual((reply.status, reply.headers["X-Kept"]), (503, "no"))
        self.assertIn("Retry-After", reply.headers)
        self.assertTrue(any("list of clients" in reason for reason in rig.ready()[1]))
