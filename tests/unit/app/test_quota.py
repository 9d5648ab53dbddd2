"""The daily limit on a fake of the counters, and what it does while they are away."""

import unittest
from datetime import UTC, date, datetime

from app.gateway.account import MAX_LEASE, REFUSED_SECONDS, Account
from app.gateway.client import Client
from app.gateway.decision import Allowance, Outcome
from app.gateway.quota import DailyQuota
from tests import contract_quota
from tests.fakes.counters import CounterStore, FakeCounters
from tests.fakes.hand_clock import HandClock


class SilentCounters(FakeCounters):
    """Counters behind a link that swallows questions; `answer` lets the last one through."""

    asked = 0

    def lease(self, account: Account) -> None:
        self.asked += 1
        self._account = account
        if self.asked > 1:
            super().lease(account)

    def answer(self) -> None:
        super().lease(self._account)


class QuotaCase(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.store = CounterStore()
        self.counters: list[FakeCounters] = []

    def process(self, budget: int = 0) -> DailyQuota:
        counters = FakeCounters(self.store, self.clock)
        self.counters.append(counters)
        return DailyQuota(counters, self.clock, budget)

    def make_client(self, limit: int | None) -> Client:
        return self.change_limit(Client("acme"), limit)

    def change_limit(self, client: Client, limit: int | None) -> Client:
        self.store.limits[client.name] = limit
        return Client(client.name, daily_limit=limit)

    def assert_used(self, client: Client, requests: int, day: date | None = None) -> None:
        for each in self.counters:
            each.write()
        self.assertEqual(self.store.used[day or self.clock.now().date(), client.name], requests)

    def taken(self, quota: DailyQuota, client: Client) -> Allowance:
        found = quota.take(client, self.clock.now())
        assert isinstance(found, Allowance)
        return found


class FakeCountersTest(QuotaCase, contract_quota.QuotaContract):
    """All promises, on the fake."""


class LeaseTest(QuotaCase):
    def test_most_requests_of_a_busy_client_do_not_visit_the_counter(self) -> None:
        client, quota = self.make_client(1_000_000), self.process()
        for _ in range(10_000):
            self.taken(quota, client)
        self.assertLess(self.store.visits, 10_000 / MAX_LEASE + 20)

    def test_a_slow_client_hoards_nothing(self) -> None:
        client, quota = self.make_client(1_000_000), self.process()
        for _ in range(20):
            self.clock.turn(2)
            quota.give_back_old()
            self.taken(quota, client)
        self.assertEqual(self.store.used[self.clock.now().date(), client.name], 20)

    def test_a_client_without_a_limit_never_visits_the_counter(self) -> None:
        client, quota = self.make_client(None), self.process()
        self.assertEqual(quota.take(client, self.clock.now()), self.clock.now().date())
        self.assertIsNone(quota.look(client, self.clock.now()))
        self.assertEqual(self.store.visits, 0)

    def test_a_refused_client_visits_it_ten_times_a_second_at_most(self) -> None:
        client, quota = self.make_client(0), self.process()
        for _ in range(1_000):
            self.clock.turn(REFUSED_SECONDS / 100)
            self.taken(quota, client)
        self.assertLessEqual(self.store.visits, 12)

    def test_current_is_what_was_used_and_reset_are_the_seconds_left_of_the_gmt_day(self) -> None:
        client, quota = self.make_client(4_000), self.process()
        for number in range(1, 131):
            self.assertEqual(self.taken(quota, client).current, number)
        # The live answer of the platform: 18:44:06 + 18953 s = 23:59:59.
        at = datetime(2012, 1, 31, 18, 44, 6, tzinfo=UTC)
        found = quota.look(client, at)
        assert found is not None
        self.assertEqual((found.outcome, found.reset_seconds), (Outcome.LOOKED, 18_953))

    def test_a_request_that_began_before_midnight_does_not_turn_the_day_back(self) -> None:
        client, quota = self.make_client(1), self.process()
        before = self.clock.now()
        self.clock.turn(12 * 3_600)
        self.assertEqual(self.taken(quota, client).outcome, Outcome.TAKEN)
        found = quota.take(client, before)
        assert isinstance(found, Allowance)
        self.assertEqual((found.outcome, found.day), (Outcome.EXHAUSTED, self.clock.now().date()))

    def test_what_others_used_is_known_before_the_first_visit(self) -> None:
        client, quota = self.make_client(4_000), self.process()
        quota.told(self.clock.now().date(), {"acme": 1_234}, self.clock.monotonic())
        found = quota.look(client, self.clock.now())
        assert found is not None
        self.assertEqual(found.current, 1_234)


class AwayTest(QuotaCase):
    """The region database is away: a process lends a bounded number, and charges it afterwards."""

    def test_a_budget_is_lent_and_charged_afterwards(self) -> None:
        client, quota = self.make_client(4_000), self.process(budget=3)
        self.store.is_down = True
        found = [self.taken(quota, client) for _ in range(5)]
        self.assertEqual([each.outcome for each in found], [Outcome.TAKEN] * 3 + [Outcome.UNKNOWN] * 2)
        self.assertTrue(all(each.is_degraded for each in found))
        self.assertEqual([each.current for each in found], [1, 2, 3, 3, 3])
        self.store.is_down = False
        self.assert_used(client, 3)
        self.assertFalse(self.taken(quota, client).is_degraded)

    def test_it_is_lent_once_a_day_however_often_the_database_goes(self) -> None:
        client, quota = self.make_client(4_000), self.process(budget=3)
        for _ in range(3):
            self.store.is_down = True
            self.taken(quota, client)
            self.taken(quota, client)
            self.store.is_down = False
            self.taken(quota, client)
            self.clock.turn(2)
            quota.give_back_old()
        # Three were lent on this day, and three came from the counter.
        self.assert_used(client, 6)
        self.clock.turn(86_400)
        self.store.is_down = True
        self.assertEqual(self.taken(quota, client).outcome, Outcome.TAKEN)

    def test_who_had_nothing_left_is_lent_nothing(self) -> None:
        client, quota = self.make_client(2), self.process(budget=10)
        self.taken(quota, client)
        self.store.is_down = True
        self.assertEqual(
            [self.taken(quota, client).outcome for _ in range(3)],
            [Outcome.TAKEN, Outcome.EXHAUSTED, Outcome.EXHAUSTED],
        )

    def test_what_was_leased_before_is_used_first(self) -> None:
        client, quota = self.make_client(100_000), self.process(budget=0)
        for _ in range(130):
            self.taken(quota, client)
        self.store.is_down = True
        self.assertEqual(self.taken(quota, client).outcome, Outcome.TAKEN)

    def test_several_processes_go_over_by_a_budget_each_at_most(self) -> None:
        client, processes = self.make_client(100), [self.process(budget=5) for _ in range(4)]
        for number in range(98):
            self.taken(processes[number % 4], client)
        self.store.is_down = True
        lent = [self.taken(quota, client).outcome for quota in processes for _ in range(20)]
        self.assertLessEqual(lent.count(Outcome.TAKEN), 4 * 5)
        self.store.is_down = False
        self.assert_used(client, 98 + lent.count(Outcome.TAKEN))
        self.assertLessEqual(98 + lent.count(Outcome.TAKEN), 100 + 4 * 5)

    def test_when_one_waited_in_vain_the_next_ones_do_not_wait(self) -> None:
        client = self.make_client(4_000)
        counters = SilentCounters(self.store, self.clock)
        quota = DailyQuota(counters, self.clock, budget=3, wait_seconds=0.01)
        self.assertEqual(self.taken(quota, client).outcome, Outcome.TAKEN)
        self.assertTrue(counters.is_down)
        self.assertEqual([self.taken(quota, client).outcome for _ in range(2)], [Outcome.TAKEN] * 2)
        self.assertEqual(counters.asked, 1)
        # What comes after all is kept for others: who waited has gone on.
        self.store.is_down = False
        counters.answer()
        self.assertFalse(self.taken(quota, client).is_degraded)
        quota.give_back_old(is_end=True)
        self.counters.append(counters)
        self.assert_used(client, 3 + 1)

    def test_a_refund_of_what_was_lent_can_be_lent_again(self) -> None:
        client, quota = self.make_client(4_000), self.process(budget=1)
        self.store.is_down = True
        self.taken(quota, client)
        quota.refund(client.name, self.clock.now().date(), was_lent=True)
        self.assertEqual(self.taken(quota, client).outcome, Outcome.TAKEN)
        self.store.is_down = False
        self.assert_used(client, 1)
