"""The bookkeeper's jobs: what waits shares a transaction; each request that waits is answered, whatever happens."""

from datetime import timedelta

from app.gateway import usage_table
from app.gateway.account import Ticket
from app.gateway.lease import Lease
from app.gateway.nonce_use import NonceUse
from app.gateway.nonces import Seen
from tests.unit.app.bookkeeper_case import DAY, BookkeeperCase


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
