"""The client list: read again and again, and served on while the database is down."""

import json
import logging

from app.gateway.client import Client, LiveKey
from app.gateway.clients import Clients
from tests.fakes.hand_clock import NOON
from tests.unit.app.bench import KEY, SECRET
from tests.unit.app.client_list_case import ClientListCase


class RefreshTest(ClientListCase):
    def test_a_new_client_is_known_and_a_revoked_one_refused_after_one_reading(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        self.assertEqual((self.status(self.clients), self.status(self.clients, "new")), (200, 401))
        self.database.keys = {"other": "new"}
        refresher.refresh()
        self.assertEqual((self.status(self.clients), self.status(self.clients, "new")), (401, 200))

    def test_no_transaction_is_left_open_and_the_connection_is_kept(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        refresher.refresh()
        self.assertEqual((self.database.commits, self.database.connections), (2, 1))
        self.assertEqual(self.told, [(NOON.date(), {})] * 2)

    def test_what_others_have_used_is_told_with_every_reading(self) -> None:
        refresher = self.refresher(self.clients)
        self.database.used = {"acme": 17}
        refresher.refresh()
        self.assertEqual(self.told, [(NOON.date(), {"acme": 17})])

    def test_a_client_of_the_version_before_keeps_its_key_and_what_it_might_use(self) -> None:
        self.database.keys, self.database.old_keys = {"acme": KEY}, {"elder": "old-key"}
        refresher = self.refresher(self.clients)
        refresher.refresh()
        found = self.clients.identify("old-key")
        assert isinstance(found, LiveKey)
        self.assertEqual(found.client, Client("elder", services={"logs.*": False}))
        # Once it has keys of its own, the old place counts no more: this one was revoked.
        self.database.revoked_keys = {"elder": "old-key"}
        refresher.refresh()
        self.assertEqual(self.status(self.clients, "old-key"), 401)

    def test_while_the_database_is_down_the_last_list_serves_and_grows_old(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        self.database.is_down = True
        self.clock.turn(60)
        refresher.refresh()
        self.assertEqual((self.status(self.clients), self.status(self.clients, "new")), (200, 503))

    def test_when_it_is_back_a_new_connection_is_made_and_the_list_is_fresh(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        self.database.is_down = True
        refresher.refresh()
        self.database.is_down = False
        refresher.refresh()
        self.assertEqual((self.database.connections, self.status(self.clients, "new")), (2, 401))

    def test_a_start_without_a_database_serves_from_the_disk(self) -> None:
        self.refresher(self.clients).refresh()
        self.database.is_down = True
        self.clock.turn(3_600)
        fresh = Clients(SECRET, self.clock)
        refresher = self.refresher(fresh)
        refresher.start()
        self.addCleanup(refresher.stop)
        self.assertEqual((self.status(fresh), self.status(fresh, "new")), (200, 503))

    def test_a_start_without_database_and_file_has_no_list(self) -> None:
        self.database.is_down = True
        refresher = self.refresher(self.clients)
        refresher.start()
        self.addCleanup(refresher.stop)
        self.assertFalse(self.clients.is_loaded)

    def test_a_revoked_key_stays_refused_when_the_database_goes_down_afterwards(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        self.database.keys = {}
        refresher.refresh()
        self.database.is_down = True
        fresh = Clients(SECRET, self.clock)
        other = self.refresher(fresh)
        other.start()
        self.addCleanup(other.stop)
        self.assertEqual((self.status(self.clients), self.status(fresh)), (401, 401))

    def test_the_file_is_written_when_the_list_changed_and_not_every_second(self) -> None:
        refresher = self.refresher(self.clients)
        refresher.refresh()
        written = self.path.stat().st_ino
        refresher.refresh()
        self.assertEqual(self.path.stat().st_ino, written)
        self.database.keys["other"] = "new"
        refresher.refresh()
        self.assertEqual(len(json.loads(self.path.read_text())["clients"]), 2)

    def test_the_log_has_no_message_of_the_database(self) -> None:
        logging.disable(logging.NOTSET)
        self.database.is_down = True
        with self.assertLogs("app.gateway.refresh") as logs:
            self.refresher(self.clients).refresh()
        self.assertNotIn("row values", "".join(logs.output))
