"""The bookkeeper: what waits shares a transaction; what failed is tried again where that can do no harm."""

import logging
import unittest
from datetime import timedelta

from app.gateway import usage_table
from app.gateway.account import Account, Ticket
from app.gateway.bookkeeper import Bookkeeper
from app.gateway.lease import Lease
from app.gateway.nonce_use import NonceUse
from app.gateway.nonces import Seen
from tests.fakes.hand_clock import NOON, HandClock
from tests.fakes.usage_database import FakeUsageDatabase
from tests.recorded_metrics import RecordedMetrics

DAY = NOON.date()


class BookkeeperCase(unittest.TestCase):
    def setUp(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.clock = HandClock()
        self.database = FakeUsageDatabase()
        self.metrics = RecordedMetrics()
        self.books = Bookkeeper(self.database.connect, self.clock, self.metrics)
        self.books.write()  # The sweep, which the first writing does.
        self.database.committed.clear()

    def do(self, *jobs: Lease | NonceUse) -> None:
        self.books._do(jobs)

    def waiting(self) -> tuple[Account, Ticket]:
        """An account in which one request waits."""
        account, ticket = (
            Account("acme", lambda client, day, requests: self.books.add(client, day, -requests)),
            Ticket(),
        )
        account.turn(DAY, 10)
        account.tickets.append(ticket)
        return account, ticket


class WriteTest(BookkeeperCase):
    def test_changes_of_one_counter_are_one_statement_in_an_order_that_all_share(self) -> None:
        self.books.add("b", DAY, 2)
        self.books.add("a", DAY, 1)
        self.books.add("b", DAY, 3)
        self.books.add("c", DAY, -4)
        self.books.write()
        self.assertEqual(self.database.values(usage_table.ADD), [(DAY, "a", 1, 1), (DAY, "b", 5, 5)])
        self.assertEqual(self.database.values(usage_table.SUBTRACT), [(4, DAY, "c")])

    def test_nothing_to_write_is_not_written(self) -> None:
        self.books.add("a", DAY, 1)
        self.books.add("a", DAY, -1)
        self.books.write()
        self.assertEqual(self.database.committed, [])

    def test_while_the_database_is_away_it_is_kept_and_written_afterwards(self) -> None:
        self.database.is_down = True
        self.books.add("a", DAY, 2)
        self.database.refuses = [2006]
        self.books.write()
        self.assertTrue(self.books.is_down)
        self.books.add("a", DAY, 1)
        self.database.is_down = False
        self.books.write()
        self.assertFalse(self.books.is_down)
        self.assertEqual(self.database.values(usage_table.ADD), [(DAY, "a", 3, 3)])
        self.assertEqual([each.value for each in self.metrics.seen if each.name == "quota.degraded"], [0, 1, 0])

    def test_a_connection_that_was_idle_too_long_is_made_anew_at_once(self) -> None:
        self.database.refuses = [2006]
        self.books.add("a", DAY, 2)
        self.books.write()
        self.assertEqual((self.database.connections, self.books.is_down), (2, False))
        self.assertEqual(self.database.values(usage_table.ADD), [(DAY, "a", 2, 2)])

    def test_when_nobody_knows_whether_it_was_committed_charges_are_repeated_and_returns_are_not(self) -> None:
        self.database.commit_fails = [2013]
        self.books.add("charged", DAY, 2)
        self.books.add("returned", DAY, -2)
        self.books.write()
        self.books.write()
        # Twice charged leaves a client short; twice returned would let it over its limit.
        self.assertEqual(self.database.values(usage_table.ADD), [(DAY, "charged", 2, 2)])
        self.assertEqual(self.database.values(usage_table.SUBTRACT), [])

    def test_a_key_is_noted_once_a_minute(self) -> None:
        for seconds in (0, 10, 70):
            self.clock.turn(seconds)
            self.books.key_used(b"k", self.clock.now())
            self.books.write()
        first, second = NOON.replace(tzinfo=None), (NOON + timedelta(seconds=80)).replace(tzinfo=None)
        self.assertEqual(self.database.values(usage_table.NOTE_KEY), [(first, first, b"k"), (second, second, b"k")])

    def test_nonces_are_swept_out_when_nobody_takes_their_timestamp_any_more(self) -> None:
        self.clock.turn(61)
        self.books.write()
        self.assertEqual(self.database.values(usage_table.FORGET_NONCES), [(int(NOON.timestamp()) + 61 - 600,)])


class JobsTest(BookkeeperCase):
    def test_a_lease_answers_who_waits(self) -> None:
        account, ticket = self.waiting()
        self.do(Lease(account, self.clock))
        self.assertEqual((ticket.outcome and ticket.outcome.value, ticket.limit), ("taken", 10))
        self.assertEqual(self.metrics.total("quota.leased"), 1)

    def test_bad_luck_is_tried_once_more_and_is_no_outage(self) -> None:
        for code in (1213, 1205, 1020):
            account, ticket = self.waiting()
            self.database.refuses = [code]
            self.do(Lease(account, self.clock))
            self.assertIsNotNone(ticket.outcome)
            self.database.refuses = [code, code]
            account, ticket = self.waiting()
            self.do(Lease(account, self.clock))
            self.assertIsNone(ticket.outcome)
            self.assertFalse(self.books.is_down)

    def test_a_lease_that_may_have_been_committed_is_not_taken_again(self) -> None:
        account, ticket = self.waiting()
        self.database.commit_fails = [2013]
        self.do(Lease(account, self.clock))
        self.assertIsNone(ticket.outcome)
        self.assertEqual((self.database.committed, self.books.is_down), ([], True))
        self.assertFalse(account.is_asking)

    def test_an_outage_answers_all_who_wait(self) -> None:
        self.database.is_down = True
        self.database.refuses = [2006]
        account, ticket = self.waiting()
        nonce = NonceUse(1, b"n")
        self.do(Lease(account, self.clock), nonce)
        self.assertTrue(self.books.is_down)
        self.assertTrue(ticket.wait(0))
        self.assertEqual(nonce.wait(), (Seen.NEW_HERE, True))

    def test_a_fault_of_ours_ends_no_thread_and_leaves_nobody_waiting(self) -> None:
        account, ticket = self.waiting()

        def broken(*_: object) -> usage_table.Taken:
            raise KeyError("a fault")

        self.do(Lease(account, self.clock, broken))
        self.assertTrue(ticket.wait(0))
        self.assertIsNone(ticket.outcome)

    def test_a_nonce_that_may_be_written_is_not_tried_again(self) -> None:
        nonce = NonceUse(1, b"n")
        self.database.commit_fails = [2013]
        self.do(nonce)
        self.assertEqual(nonce.wait(), (Seen.NEW_HERE, True))

    def test_nonces_used_meanwhile_are_told_when_the_database_is_back(self) -> None:
        self.books.is_down = True
        self.assertEqual(self.books.use(7, b"n"), Seen.NEW_HERE)
        self.books.write()
        self.assertEqual(self.database.values(usage_table.TELL_NONCE), [(7, b"n")])

    def test_who_did_not_wait_gets_nothing_and_the_unit_stays(self) -> None:
        account, ticket = self.waiting()
        ticket.is_gone = True
        self.do(Lease(account, self.clock, lambda *_: usage_table.Taken(1, 1, 10)))
        self.assertEqual((ticket.outcome, account.left), (None, 1))

    def test_who_came_meanwhile_is_asked_for_again(self) -> None:
        account, _ = self.waiting()
        late = Ticket()

        def take(*_: object) -> usage_table.Taken:
            account.tickets.append(late)
            return usage_table.Taken(1, 1, 10)

        job = Lease(account, self.clock, take)
        self.do(job)
        self.assertTrue(job.has_more)
        self.do(*self.books._next(0))
        self.assertIsNotNone(late.outcome)

    def test_a_lease_that_comes_after_midnight_goes_back_to_its_day(self) -> None:
        account, ticket = self.waiting()

        def take(*_: object) -> usage_table.Taken:
            with account.lock:
                account.turn(DAY + timedelta(days=1), 10)
            return usage_table.Taken(5, 5, 10)

        self.do(Lease(account, self.clock, take))
        self.assertEqual((ticket.day, account.left), (DAY, 0))
        self.books.write()
        self.assertEqual(self.database.values(usage_table.SUBTRACT), [(4, DAY, "acme")])
