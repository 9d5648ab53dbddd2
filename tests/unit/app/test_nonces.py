"""Each nonce once: in this process by memory, over all processes by the table."""

import unittest
from datetime import timedelta

from app.gateway.nonces import Nonces, Seen
from app.gateway.signature import SKEW_SECONDS, Signed
from tests.fakes.counters import CounterStore, FakeCounters
from tests.fakes.hand_clock import NOON, HandClock

AT = int(NOON.timestamp())


class NoncesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.store = CounterStore()
        self.here, self.there = (Nonces(FakeCounters(self.store, HandClock())) for _ in range(2))

    def use(self, where: Nonces, client: str = "acme", at: int = AT, nonce: str = "n") -> Seen:
        return where.use(client, Signed(at, nonce), NOON)

    def test_once_in_all_processes(self) -> None:
        self.assertEqual(self.use(self.here), Seen.NEW)
        self.assertEqual((self.use(self.here), self.use(self.there)), (Seen.BEFORE, Seen.BEFORE))

    def test_another_client_second_or_nonce_is_another(self) -> None:
        self.use(self.here)
        for changes in ({"client": "acm"}, {"at": AT + 1}, {"nonce": "N"}):
            self.assertEqual(self.use(self.there, **changes), Seen.NEW)

    def test_without_the_table_once_in_each_process(self) -> None:
        self.store.is_down = True
        self.assertEqual([self.use(self.here), self.use(self.here)], [Seen.NEW_HERE, Seen.BEFORE])
        self.assertEqual(self.use(self.there), Seen.NEW_HERE)

    def test_what_was_used_before_the_table_went_is_still_known_here(self) -> None:
        self.use(self.here)
        self.store.is_down = True
        self.assertEqual(self.use(self.here), Seen.BEFORE)

    def test_memory_is_bounded_by_time_and_by_number(self) -> None:
        few = Nonces(FakeCounters(self.store, HandClock()), most=3)
        for number in range(5):
            self.use(few, nonce=str(number))
        self.assertEqual(len(few._known), 3)
        # The table still knows what was forgotten here.
        self.assertEqual(self.use(few, nonce="0"), Seen.BEFORE)
        few.use("acme", Signed(AT, "later"), NOON + timedelta(seconds=2 * SKEW_SECONDS + 1))
        self.assertEqual(len(few._known), 1)
