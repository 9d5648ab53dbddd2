"""`playlog clients` and the web process's list: revoked within two seconds, and served on without a database."""

import unittest
from pathlib import Path

from tests.integration.ingest_rig import IngestRig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually

REVOKED_WITHIN_SECONDS = 2.0


class ClientsTest(unittest.TestCase):
    rig: IngestRig

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = IngestRig(has_nginx=False)
        cls.addClassCleanup(cls.rig.stop)
        cls.rig.start()

    def status(self, key: str) -> int:
        return self.rig.post(body_of(log()), key=key).status

    def everywhere(self, key: str, status: int) -> bool:
        """Whether all workers answer so."""
        return {self.status(key) for _ in range(8)} == {status}

    def test_the_word_adds_lists_and_revokes(self) -> None:
        name = f"word-{self.rig.topic}"
        added = self.rig.clients("add", name, "--test")
        key = added.stdout.strip()
        self.assertRegex(key, r"\A[0-9a-f]{32}\Z")
        self.assertNotIn(key, added.stderr)
        again = self.rig.clients("add", name)
        self.assertEqual((again.returncode, again.stdout), (1, ""))
        self.assertRegex(self.rig.clients("list").stdout, rf"(?m)^{name}\ttest\t\S+\t-$")
        self.assertEqual([self.rig.clients("revoke", name).returncode for _ in range(2)], [0, 0])
        self.assertRegex(self.rig.clients("list").stdout, rf"(?m)^{name}\ttest\t\S+Z\t\S+Z$")
        self.assertNotIn(key, self.rig.clients("list").stdout)
        self.assertEqual(self.rig.clients("revoke", "nobody-of-that-name").returncode, 1)
        self.assertEqual(self.rig.clients("add", "a name with blanks").returncode, 2)

    def test_a_new_key_is_known_and_a_revoked_one_refused_within_two_seconds(self) -> None:
        name = f"brief-{self.rig.topic}"
        key = self.rig.add_client(name)
        eventually(lambda: self.everywhere(key, 200), "the new key is known", REVOKED_WITHIN_SECONDS)
        self.rig.clients("revoke", name)
        eventually(lambda: self.everywhere(key, 401), "the revoked key is refused", REVOKED_WITHIN_SECONDS)

    def test_without_a_database_known_clients_are_served_and_revoked_ones_are_not(self) -> None:
        name = f"gone-{self.rig.topic}"
        gone = self.rig.add_client(name)
        eventually(lambda: self.everywhere(gone, 200), "the new key is known", 5)
        self.rig.clients("revoke", name)
        eventually(lambda: self.everywhere(gone, 401), "the revoked key is refused", 5)
        self.rig.stack.mariadb.kill()
        try:
            self.assertTrue(self.everywhere(self.rig.key, 200))
            # A start from the last good list on disk: old, so that an unknown key can't be called unknown.
            self.rig.service.stop()
            self.rig.service.restart()
            self.assertTrue(self.everywhere(self.rig.key, 200))
            eventually(lambda: self.everywhere(gone, 503), "the list is old", 15)
        finally:
            self.rig.stack.mariadb.restart()
        eventually(lambda: self.everywhere(gone, 401), "the list is fresh again", 10)

    def test_no_key_stands_in_the_file_or_in_any_log(self) -> None:
        self.status("k3y-that-nobody-has")
        self.rig.post(b"{", key=self.rig.key)
        written = [Path(self.rig.environ()["CLIENT_LIST_FILE"]), self.rig.service.child.log_path]
        for path in written:
            text = path.read_text()
            self.assertNotIn(self.rig.key, text)
            self.assertNotIn("k3y-that-nobody-has", text)


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
