"""Judges days by the ledger and by what Kafka said."""

import unittest
from datetime import UTC, date, datetime

from reports.books import Books, Cut, Gap
from reports.proof import FINAL, PROVISIONAL, WITH_LOSS, KafkaView, Ledger, losses_of, state_of, still_in_kafka
from reports.proof import why_not_final as why_not

DAY, BEFORE = date(2026, 3, 10), date(2026, 3, 9)
NEXT_MORNING = datetime(2026, 3, 11, 6, tzinfo=UTC)


def ledger(*numbers: int, topic_id: str = "id", is_cut: bool = True, gaps: tuple[Gap, ...] = ()) -> Ledger:
    cuts = {BEFORE: Cut(0, "start")} | ({DAY: Cut(7, "quiet")} if is_cut else {})
    return Ledger("play-logs", {(topic_id, number): Books((topic_id, number), cuts, 7) for number in numbers}, gaps)


def kafka(partitions: int, topic_id: str = "id") -> KafkaView:
    return KafkaView(topic_id, partitions, dict.fromkeys(range(partitions), 9))


class WhyNotFinal(unittest.TestCase):
    def reasons(self, books: Ledger, view: KafkaView | str | None, now: datetime = NEXT_MORNING) -> list[str]:
        return why_not(books, DAY, now, view, books.spans(DAY))

    def test_nothing_speaks_against_a_day_whose_partitions_are_all_cut(self) -> None:
        self.assertEqual(self.reasons(ledger(0, 1), kafka(2)), [])

    def test_the_day_must_have_ended(self) -> None:
        last = datetime(2026, 3, 10, 23, 59, 59, 999_999, tzinfo=UTC)
        self.assertEqual(len(self.reasons(ledger(0), kafka(1), last)), 1)
        self.assertEqual(len(self.reasons(ledger(0, 1, is_cut=False), kafka(2), last)), 1)
        self.assertEqual(self.reasons(ledger(0), kafka(1), datetime(2026, 3, 11, tzinfo=UTC)), [])

    def test_kafka_must_have_answered(self) -> None:
        self.assertIn("no answer", self.reasons(ledger(0), "no answer")[0])

    def test_a_day_handed_over_needs_no_answer(self) -> None:
        self.assertEqual(self.reasons(ledger(0), None), [])

    def test_each_partition_that_kafka_has_must_be_known(self) -> None:
        reasons = self.reasons(ledger(0, 1, 2), kafka(6))
        self.assertEqual([reason[:11] for reason in reasons], ["partition 3", "partition 4", "partition 5"])

    def test_each_partition_must_be_cut(self) -> None:
        self.assertEqual(
            self.reasons(ledger(0, is_cut=False), kafka(1)),
            ["partition 0 has no cut of 2026-03-10: it is stored up to offset 7, 2 records are still in Kafka"],
        )
        self.assertIn("stored up to offset 7", self.reasons(ledger(0, is_cut=False), "away")[1])

    def test_another_topic_under_the_name_says_how_to_go_on(self) -> None:
        reasons = self.reasons(ledger(0, topic_id="old"), kafka(1, "new"))
        self.assertEqual(len(reasons), 1)
        self.assertIn("playlog consume adopt-topic play-logs", reasons[0])

    def test_an_empty_ledger_proves_nothing(self) -> None:
        self.assertEqual(len(self.reasons(Ledger("play-logs", {}, []), kafka(6))), 6)

    def test_an_old_topic_without_a_closing_cut_is_named(self) -> None:
        books = Books(("old", 3), {BEFORE: Cut(0, "start")}, None)
        self.assertIn("old topic old", self.reasons(Ledger("t", {("old", 3): books}, []), None)[0])


class State(unittest.TestCase):
    def test_one_word_says_it(self) -> None:
        gap = Gap(("id", 0), 3, 5, "a disk", "ada", "", DAY)
        losses = losses_of(ledger(0, gaps=(gap,)), DAY)
        self.assertEqual([loss.records for loss in losses], [2])
        self.assertEqual(state_of([], []), FINAL)
        self.assertEqual(state_of([], losses), WITH_LOSS)
        self.assertEqual(state_of(["it is early"], losses), PROVISIONAL)


class StillInKafka(unittest.TestCase):
    def test_ends_less_positions_partition_by_partition(self) -> None:
        self.assertEqual(still_in_kafka(ledger(0, 1), kafka(3)), {0: 2, 1: 2, 2: 9})

    def test_an_old_topics_position_says_nothing_of_the_new_one(self) -> None:
        self.assertEqual(still_in_kafka(ledger(0, topic_id="old"), kafka(1)), {0: 9})

    def test_unknown_when_kafka_did_not_say(self) -> None:
        self.assertIsNone(still_in_kafka(ledger(0), "away"))
