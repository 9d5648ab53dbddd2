"""What the sink does with each kind of record: releases, marks, and what isn't ours."""

from datetime import timedelta

from catalogue.proof.region_leg import look_at_region
from common.database import run
from consumer.booking import Position
from tests.catalogue.sink_case import TOPIC, TOPIC_ID, Raw, SinkCase
from tests.fakes.releases import NOW, document, raw_record


class RecordsTest(SinkCase):
    def test_what_isnt_ours_is_set_aside_and_its_neighbours_are_stored(self) -> None:
        """G15, of the catalogue."""
        strange: list[Raw] = [(None, []), (b"\xff\xfe\x00", []), (b"[]", []), (b'{"schema":99}', [])]
        self.store([raw_record(document(1, 1)), *strange, raw_record(document(2, 1))])
        self.assertEqual(self.outcomes(), ["applied", *["unreadable"] * 4, "applied"])
        letters = self.ask("SELECT kafka_offset, reason FROM dead_letter ORDER BY kafka_offset")
        self.assertEqual([row[0] for row in letters], [1, 2, 3, 4])
        self.assertTrue(all(row[1] for row in letters))
        self.assertEqual(self.ask("SELECT next_offset FROM consumer_offset"), [(6,)])

    def test_two_contents_of_one_version_are_an_alert_and_the_first_stays(self) -> None:
        with self.assertLogs("consumer.catalogue.sink", "ERROR") as logs:
            self.store([raw_record(document(1, 1)), raw_record(document(1, 1, title="Other"))])
        self.assertIn("two contents", logs.output[0])
        self.assertEqual(self.outcomes(), ["applied", "conflict"])

    def test_a_checkpoint_that_agrees_is_silent_and_one_that_doesnt_is_an_alert(self) -> None:
        self.store([raw_record(document(1, 1))])
        ((_, releases, total),) = self.ask("SELECT partition_no, releases, digest_sum FROM catalogue_sum")
        self.store([self.mark("checkpoint", None, releases, total)], 1)
        self.assertEqual([each.name for each in self.metrics.seen], [])
        with self.assertLogs("consumer.catalogue.marks", "ERROR"):
            self.store([self.mark("checkpoint", None, releases + 1, total)], 2)
        self.assertEqual([each.name for each in self.metrics.seen], ["catalogue.mismatches"])
        self.assertEqual(self.ask("SELECT as_of FROM catalogue_sum"), [(NOW.replace(tzinfo=None),)])

    def test_a_sum_that_is_wrong_while_the_tables_are_right_is_made_anew(self) -> None:
        self.store([raw_record(document(1, 1)), raw_record(document(2, 1))])
        ((_, releases, total),) = self.ask("SELECT partition_no, releases, digest_sum FROM catalogue_sum")
        run(self.connection, "UPDATE catalogue_sum SET releases = 7, digest_sum = 7")
        self.connection.commit()
        with self.assertLogs("consumer.catalogue.marks", "WARNING") as logs:
            self.store([self.mark("checkpoint", None, releases, total)], 2)
        self.assertIn("made anew", logs.output[0])
        self.assertEqual(self.ask("SELECT releases, digest_sum FROM catalogue_sum"), [(releases, total)])
        self.assertEqual(self.metrics.seen, [])

    def test_a_mark_of_a_replaced_producer_proves_nothing(self) -> None:
        self.store([self.mark("checkpoint", epoch=3), self.mark("checkpoint", None, 5, 5, epoch=2)])
        self.assertEqual(self.outcomes(), ["mark", "older"])
        self.assertEqual(self.metrics.seen, [])

    def test_behind_a_load_what_it_didnt_name_is_a_ghost_that_stays_away(self) -> None:
        records = [raw_record(document(number, 1)) for number in (1, 2, 3)]
        self.store([*records, self.mark("begin", 9, 3)])
        with self.assertLogs("consumer.catalogue.marks"):
            self.store([records[1], raw_record(document(4, 1)), self.mark("end", 9)], 4)
        states = {row[0]: row[2] for row in self.tables()[0]}
        self.assertEqual(states, {1: "ghost", 2: "live", 3: "ghost", 4: "live"})
        self.assertEqual(self.tables()[1], [(200, 2), (400, 4)])
        self.assertEqual(self.tables()[2][0][1], 2)
        self.store([records[0]], 7)
        self.assertEqual({row[0]: row[2] for row in self.tables()[0]}[1], "ghost")
        self.store([raw_record(document(1, 2))], 8)
        self.assertEqual({row[0]: row[2] for row in self.tables()[0]}[1], "live")

    def test_an_end_without_a_begin_takes_nothing_away(self) -> None:
        with self.assertLogs("consumer.catalogue.marks"):  # The sums differ, of course.
            self.store([raw_record(document(1, 1)), self.mark("end", 9)])
        self.assertEqual(self.tables()[0][0][2], "live")

    def test_behind_a_trim_it_is_whole_when_the_first_load_has_ended_and_until_then_nothing_is_wrong(self) -> None:
        records: list[Raw] = [raw_record(document(number, 1)) for number in (1, 2)]
        self.store(records)
        ((_, *whole),) = self.tables()[2]
        marks = [self.mark(kind, load, *whole) for kind, load in (("begin", 9), ("checkpoint", None), ("end", 9))]
        self.close()
        self.begin(50)
        with self.assertNoLogs("consumer.catalogue.marks", "WARNING"):
            self.store([marks[0], records[0], marks[1]], 50)
            self.assertEqual(self.ask("SELECT as_of FROM catalogue_sum"), [(None,)])
            self.store([records[1], marks[2], marks[1]], 53)
        self.assertEqual(self.metrics.seen, [])
        self.assertEqual(self.ask("SELECT as_of FROM catalogue_sum"), [(NOW.replace(tzinfo=None),)])
        # From now on each mark has to agree.
        with self.assertLogs("consumer.catalogue.marks", "ERROR"):
            self.store([self.mark("checkpoint", None, 3)], 56)

    def test_before_its_first_checkpoint_a_partition_is_unproved(self) -> None:
        self.assertEqual(look_at_region(self.connection, TOPIC, lambda _: None).unproved, [0])
        self.store([raw_record(document(1, 1))])
        self.assertEqual(look_at_region(self.connection, TOPIC, lambda _: None).unproved, [0])
        ((_, *whole),) = self.tables()[2]
        self.store([self.mark("checkpoint", None, *whole)], 1)
        state = look_at_region(self.connection, TOPIC, lambda _: None)
        self.assertEqual((state.unproved, state.is_equal, state.as_of), ([], True, NOW.replace(tzinfo=None)))

    def test_behind_a_trim_a_load_that_ends_with_something_else_is_an_alert(self) -> None:
        self.close()
        self.begin(50)
        self.store([self.mark("begin", 9, 2), raw_record(document(1, 1))], 50)
        with self.assertLogs("consumer.catalogue.marks", "ERROR"):
            self.store([self.mark("end", 9, 2)], 52)
        with self.assertLogs("consumer.catalogue.marks", "ERROR"):
            self.store([self.mark("checkpoint", None, 2)], 53)

    def test_a_topic_that_doesnt_begin_with_a_load_has_its_alerts(self) -> None:
        firsts: list[Raw] = [raw_record(document(1, 1)), self.mark("checkpoint", None, 2), self.mark("end", 9, 2)]
        for first in firsts:
            self.close()
            self.begin(50)
            with self.assertLogs("consumer.catalogue.marks", "ERROR"):
                self.store([first, self.mark("begin", 10, 2)], 50)

    def test_the_ledger_knows_a_record_by_its_digest(self) -> None:
        self.store([raw_record(document(1, 1)), (b"x", [])])
        digest = self.ask("SELECT digest FROM catalogue_release")[0][0]
        self.assertEqual(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 0), digest)
        self.assertEqual(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 1), "unreadable")
        self.assertIsNone(self.ledger.identity_at(self.connection, 0, TOPIC_ID, 2))
        self.assertEqual(self.ledger.read(self.connection, 0), Position(TOPIC_ID, 2, NOW + timedelta(seconds=1), None))
