"""What the bookkeeper writes once a second: kept while it can't be written, and repeated where that can do no harm."""

import logging
from datetime import timedelta

from app.gateway import usage_table
from tests.fakes.hand_clock import NOON
from tests.unit.app.bookkeeper_case import DAY, BookkeeperCase


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


class SuspectTest(BookkeeperCase):
    def test_who_waited_in_vain_is_heard_of_once_and_the_next_writing_ends_it(self) -> None:
        logging.disable(logging.NOTSET)
        with self.assertLogs("app.gateway.bookkeeper") as logs:
            self.books.suspect()
            self.books.suspect()
        self.assertEqual(len(logs.output), 1)
        self.assertIn("no answer in time", logs.output[0])
        self.books.write()
        self.assertFalse(self.books.is_down)
