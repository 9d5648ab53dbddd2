"""Two worker processes: what one has made both give, and neither longer than it is true."""

import unittest
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import ClassVar

import requests

from devstack.emptied import locked
from devstack.mariadb_settings import REGION
from devstack.ports import HOST, Ports
from devstack.service import Service
from tests.catalogue.catalogue_rig import CatalogueRig, catalogue_rig
from tests.integration.topic_rig import eventually

#: Kept open together: a worker with more connections than the other is later at the race for the next.
CONNECTIONS = 24


class ProcessesTest(unittest.TestCase):
    rig: ClassVar[CatalogueRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = catalogue_rig()

    def test_what_one_has_made_both_give_until_it_changes(self) -> None:
        rig, release = self.rig, 4005901
        rig.add_release(release)
        rig.arrived(release)
        path = f"/1.2/track/details?trackid={release}01&country=GB&oauth_consumer_key={rig.key}"
        with self._two_workers() as url, ExitStack() as stack:
            sessions = [stack.enter_context(requests.Session()) for _ in range(CONNECTIONS)]

            def ask() -> list[requests.Response]:
                return [session.get(url + path, timeout=10) for session in sessions]

            eventually(lambda: {each.status_code for each in ask()} == {200}, "the region is followed")
            # Another view: nobody has made it, and one of the two makes it now.
            path += "&imageSize=350"
            requests.get(url + path, timeout=10).raise_for_status()
            # Whoever has to read an album waits in vain; what says which releases have changed can be read.
            with locked(rig.stack, "catalogue_track", "catalogue_release", schema=REGION):
                self.assertEqual([each.status_code for each in ask()], [200] * CONNECTIONS)
                unmade = requests.get(url + path.replace("imageSize=350", "imageSize=800"), timeout=10)
                self.assertEqual(unmade.status_code, 503)
            rig.change(f"UPDATE catalogue_track SET title = 'Another title' WHERE track_id = {release}01")
            new = [False] * CONNECTIONS

            def all_are_new() -> bool:
                for place, reply in enumerate(ask()):
                    is_new = "Another title" in reply.text
                    self.assertTrue(is_new or not new[place], "a connection's process gave the old again")
                    new[place] = is_new
                return all(new)

            eventually(all_are_new, "both processes give the new title")
            self.assertTrue(all_are_new())

    @contextmanager
    def _two_workers(self) -> Iterator[str]:
        """An app beside the stack's own, behind no nginx; its URL."""
        home = self.rig.stack.home / "two-workers"

        def environ() -> dict[str, str]:
            own = {
                "WEB_BIND": f"{HOST}:{service.port}",
                "WEB_WORKERS": "2",
                "WEB_THREADS": str(CONNECTIONS),
                "RUNTIME_DIR": str(home / "run"),
                "CLIENT_LIST_FILE": str(home / "clients.json"),
            }
            return self.rig.stack.environ("serve") | own

        service = Service("app-two-workers", "serve", self.rig.stack.home, Ports(), environ)
        self.addCleanup(service.stop)
        service.start()
        yield f"http://{HOST}:{service.port}"
