"""The last good list on disk: whole or not at all, and never with a key in it."""

import stat
from datetime import timedelta

from app.gateway.client import Client, ClientList, LiveKey
from app.gateway.keys import hash_key
from app.gateway.list_file import ListFile
from tests.unit.app.bench import KEY, OAUTH_SECRET, SECRET, live_key
from tests.unit.app.client_list_case import ClientListCase


class ListFileTest(ClientListCase):
    def setUp(self) -> None:
        super().setUp()
        self.file = ListFile(self.path)
        keys = (
            live_key(KEY, Client("acme", False, 4_000, {"logs.preview": True, "legacy.*": False})),
            live_key("another-key", Client("acme", False, 4_000, {"logs.preview": True, "legacy.*": False})),
            LiveKey(Client("smoke", is_test=True), hash_key("smoke-key", SECRET)),
        )
        self.found = ClientList({key.key_hmac: key for key in keys}, self.clock.now() - timedelta(minutes=1))

    def test_a_list_can_be_read_back(self) -> None:
        self.file.write(self.found)
        self.assertEqual(self.file.read(), self.found)

    def test_it_holds_no_key_and_only_its_owner_reads_it(self) -> None:
        self.file.write(self.found)
        for secret in (KEY, OAUTH_SECRET, OAUTH_SECRET.encode().hex()):
            self.assertNotIn(secret, self.path.read_text())
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)

    def test_nothing_is_left_beside_it(self) -> None:
        self.file.write(self.found)
        self.file.write(self.found)
        self.assertEqual([each.name for each in self.path.parent.iterdir()], ["clients.json"])

    def test_a_file_that_is_missing_or_damaged_is_no_list(self) -> None:
        self.assertIsNone(self.file.read())
        self.file.write(self.found)
        good = self.path.read_text()
        for content in (
            "",
            "{",
            "[]",
            "5",
            good[:-9],
            good.replace('"version": 2', '"version": 9'),
            good.replace('"client": "smoke"', '"client": "nobody"'),
            good.replace('"services": {}', '"services": []'),
            good.replace("key_hmac", "key"),
            '{"version": 2, "clients": [], "keys": []}',
        ):
            with self.subTest(content[:20]):
                self.path.write_text(content)
                self.assertIsNone(self.file.read())

    def test_a_disk_that_refuses_is_no_error(self) -> None:
        self.path.parent.mkdir(parents=True)
        self.path.mkdir()
        (self.path / "x").touch()
        self.file.write(self.found)
        self.assertEqual([each.name for each in self.path.parent.iterdir()], ["clients.json"])
