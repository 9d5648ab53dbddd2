"""What the daily limit promises: the same tests on a fake of the counters (unit) and on the real ones (gateway)."""

import threading
import unittest
from datetime import date, timedelta

from app.gateway.account import LEASE_SECONDS, MAX_LEASE
from app.gateway.client import Client
from app.gateway.decision import Allowance, Outcome
from app.gateway.quota import DailyQuota
from tests.fakes.hand_clock import HandClock

JUST_PAST = 0.05


class QuotaContract(unittest.TestCase):
    """Subclasses say how a process is made and what the counters say."""

    clock: HandClock

    def process(self) -> DailyQuota:
        """A process of its own, as far as counting goes; lends nobody anything."""
        raise NotImplementedError

    def make_client(self, limit: int | None) -> Client:
        """A client with that limit, in the list and in the table."""
        raise NotImplementedError

    def change_limit(self, client: Client, limit: int | None) -> Client:
        """The client as the list will have it; the table has it already."""
        raise NotImplementedError

    def assert_used(self, client: Client, requests: int, day: date | None = None) -> None:
        """Whether the counter says so, when everything is written that waits; of today, or of another day."""
        raise NotImplementedError

    def take(self, quota: DailyQuota, client: Client, times: int = 1) -> list[Outcome]:
        found = [quota.take(client, self.clock.now()) for _ in range(times)]
        return [each.outcome if isinstance(each, Allowance) else Outcome.TAKEN for each in found]

    def rest(self, *processes: DailyQuota) -> None:
        """A second passes, in which nobody asks for anything."""
        self.clock.turn(LEASE_SECONDS + JUST_PAST)
        for each in processes:
            each.give_back_old()

    def test_exactly_as_many_are_let_in_as_the_limit_says(self) -> None:
        client, processes = self.make_client(100), [self.process() for _ in range(3)]
        taken = [self.take(processes[number % 3], client)[0] for number in range(150)]
        self.assertEqual(taken, [Outcome.TAKEN] * 100 + [Outcome.EXHAUSTED] * 50)
        self.assert_used(client, 100)

    def test_a_large_limit_is_leased_and_still_exact(self) -> None:
        client, processes = self.make_client(3_000), [self.process() for _ in range(2)]
        taken = [self.take(processes[number // 40 % 2], client)[0] for number in range(2_960)]
        self.assertEqual(set(taken), {Outcome.TAKEN})
        self.rest(*processes)
        self.assert_used(client, 2_960)
        last = [self.take(processes[number % 2], client)[0] for number in range(60)]
        self.assertEqual(last, [Outcome.TAKEN] * 40 + [Outcome.EXHAUSTED] * 20)

    def test_threads_that_ask_at_once_get_what_is_left_and_no_more(self) -> None:
        client, quota = self.make_client(100), self.process()
        self.take(quota, client, 99)
        found: list[Outcome] = []
        threads = [threading.Thread(target=lambda: found.extend(self.take(quota, client))) for _ in range(20)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(sorted(each.name for each in found), ["EXHAUSTED"] * 19 + ["TAKEN"])
        self.assert_used(client, 100)

    def test_a_refused_request_is_not_counted(self) -> None:
        client, quota = self.make_client(2), self.process()
        self.take(quota, client, 12)
        self.rest(quota)
        self.take(quota, client, 3)
        self.assert_used(client, 2)

    def test_a_raised_limit_works_at_once_and_keeps_the_count(self) -> None:
        client, quota = self.make_client(5), self.process()
        self.assertEqual(self.take(quota, client, 6)[-1], Outcome.EXHAUSTED)
        raised = self.change_limit(client, 8)
        self.assertEqual(self.take(quota, raised, 4), [Outcome.TAKEN] * 3 + [Outcome.EXHAUSTED])
        self.assert_used(client, 8)

    def test_a_lowered_limit_works_at_once_also_on_what_was_leased(self) -> None:
        client, quota = self.make_client(5_000), self.process()
        self.take(quota, client, 100)
        lowered = self.change_limit(client, 100)
        self.assertEqual(self.take(quota, lowered), [Outcome.EXHAUSTED])
        self.rest(quota)
        self.assert_used(client, 100)

    def test_at_midnight_gmt_there_is_a_full_day_again(self) -> None:
        client, quota = self.make_client(3), self.process()
        self.assertEqual(self.take(quota, client, 4)[-1], Outcome.EXHAUSTED)
        yesterday = self.clock.now().date()
        self.clock.turn(12 * 3_600 - 1)
        self.assertEqual(self.take(quota, client), [Outcome.EXHAUSTED])
        self.clock.turn(1)
        self.assertEqual(self.clock.now().date(), yesterday + timedelta(days=1))
        self.assertEqual(self.take(quota, client, 4), [Outcome.TAKEN] * 3 + [Outcome.EXHAUSTED])
        self.assert_used(client, 3, yesterday)
        self.assert_used(client, 3)

    def test_what_was_leased_before_midnight_goes_back_to_its_own_day(self) -> None:
        client, quota = self.make_client(4_000), self.process()
        self.take(quota, client, 100)
        yesterday = self.clock.now().date()
        self.clock.turn(12 * 3_600)
        self.take(quota, client, 7)
        self.rest(quota)
        self.assert_used(client, 100, yesterday)
        self.assert_used(client, 7)

    def test_a_refund_lets_another_request_in(self) -> None:
        client, quota = self.make_client(2), self.process()
        self.take(quota, client, 3)
        quota.refund(client.name, self.clock.now().date())
        self.assertEqual(self.take(quota, client, 2), [Outcome.TAKEN, Outcome.EXHAUSTED])
        self.assert_used(client, 2)

    def test_a_refund_goes_to_the_day_of_the_request(self) -> None:
        client, quota = self.make_client(10), self.process()
        self.take(quota, client, 3)
        yesterday = self.clock.now().date()
        self.clock.turn(12 * 3_600)
        self.take(quota, client, 1)
        quota.refund(client.name, yesterday)
        self.rest(quota)
        self.assert_used(client, 2, yesterday)
        self.assert_used(client, 1)

    def test_at_its_end_a_process_gives_back_what_it_has_not_used(self) -> None:
        client, quota = self.make_client(4_000), self.process()
        self.take(quota, client, 130)
        quota.give_back_old(is_end=True)
        self.assert_used(client, 130)

    def test_a_killed_process_leaves_its_client_a_lease_short_and_never_over(self) -> None:
        client, killed, other = self.make_client(2_000), self.process(), self.process()
        first = self.take(killed, client, 131).count(Outcome.TAKEN)
        # It is never heard of again.
        second = self.take(other, client, 2_000).count(Outcome.TAKEN)
        self.rest(other)
        second += self.take(other, client, 100).count(Outcome.TAKEN)
        self.assertLessEqual(first + second, 2_000)
        self.assertGreaterEqual(first + second, 2_000 - MAX_LEASE)

    def test_a_client_without_a_limit_is_counted_and_never_refused(self) -> None:
        client, quota = self.make_client(None), self.process()
        self.assertEqual(set(self.take(quota, client, 500)), {Outcome.TAKEN})
        quota.refund(client.name, self.clock.now().date())
        self.assert_used(client, 499)

    def test_a_limit_that_comes_later_keeps_what_was_counted_before(self) -> None:
        client, quota = self.make_client(None), self.process()
        self.take(quota, client, 10)
        self.assert_used(client, 10)
        limited = self.change_limit(client, 12)
        self.assertEqual(self.take(quota, limited, 3), [Outcome.TAKEN] * 2 + [Outcome.EXHAUSTED])
