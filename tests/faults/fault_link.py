"""The link between region and data centre falls silent: nothing comes through, and nobody is told."""

import threading

from tests.faults.case import FaultCase
from tests.faults.stage import stage
from tests.integration.link import Link

CUT_SECONDS = 60
#: From the link's return until what was accepted since is stored.
BACK_SECONDS = 60.0


class MidTransaction:
    """A tap that cuts both links as soon as logs are on their way to the database, in a transaction."""

    def __init__(self, *links: Link) -> None:
        self._links = links
        self.has_cut = threading.Event()

    def __call__(self, data: bytes, is_client: bool) -> bytes:
        if is_client and not self.has_cut.is_set() and b"INSERT INTO play_log" in data:
            self.has_cut.set()
            for link in self._links:
                link.cut()
        return data


class LinkCase(FaultCase):
    def cut(self, seconds: float, name: str) -> None:
        scene = self.begin(by_link=True)
        links = (stage().kafka_link, stage().database_link)
        tap = MidTransaction(*links)
        with self.fault():
            stage().database_link.tap = tap
            self.eventually(tap.has_cut.is_set, "the links are cut")
            before = len(scene.senders.accepted)
            scene.run_on(seconds)
            self.assertGreater(len(scene.senders.accepted), before + seconds)
            for link in links:
                link.mend()
        recovered = self.recover(BACK_SECONDS)
        self.assertEqual(scene.senders.statuses(self.broken_at).keys(), {200})
        self.settle(name, recovered)


class LinkTest(LinkCase):
    def test_the_link_is_cut_silently_in_mid_transaction(self) -> None:
        self.cut(CUT_SECONDS, f"the data centre's link: silent for {CUT_SECONDS} s, in mid-transaction")
