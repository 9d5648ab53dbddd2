"""Comparing: what differs is looked at twice, nothing is kept where there is nothing to compare with."""

import unittest
from typing import cast

from moving.comparator.asking import Asker
from moving.comparator.canonical import Answer
from moving.comparator.inbox import Waiting
from moving.comparator.judge import Judgement
from moving.comparator.store import MOST_WAITING, Store
from moving.comparator.told import Told
from moving.comparator.workers import Pace, Workers
from tests.fakes.hand_clock import HandClock
from tests.recorded_metrics import RecordedMetrics
from tests.unit.moving.test_judge import answer
from tests.unit.moving.test_told import told

AGAIN_SECONDS = 3.0


class FakeAsker:
    """Both APIs, in memory."""

    def __init__(self) -> None:
        self.of_legacy: Answer | None = answer()
        self.of_ours: Answer | None = answer()
        self.asked: list[str] = []

    def legacy(self, _: Told) -> Answer | None:
        self.asked.append("legacy")
        return self.of_legacy

    def ours(self, _: Told) -> Answer | None:
        self.asked.append("ours")
        return self.of_ours


class WorkersTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.waiting, self.store, self.metrics = Waiting(10, self.clock), Store("one"), RecordedMetrics()
        self.asker = FakeAsker()
        self.judged: list[str] = []
        self.workers = Workers(
            self.waiting,
            self.make_asker,
            self.store,
            Pace(1000, self.clock),
            self.metrics,
            self.hear,
            (),
            2.0,
            AGAIN_SECONDS,
        )

    def make_asker(self) -> Asker:
        return cast(Asker, self.asker)

    def hear(self, _: Told, judgement: Judgement) -> None:
        self.judged.append(judgement.verdict)

    def compare(self, *, is_again: bool = False) -> None:
        self.workers.compare(self.make_asker(), told(), is_again)

    def test_ours_is_asked_between_two_answers_of_the_legacy_api(self) -> None:
        self.compare()
        self.assertEqual(self.asker.asked, ["legacy", "ours", "legacy"])
        self.assertEqual((self.judged, self.store.compared), (["equal"], 1))
        self.assertEqual(self.metrics.total("move.compared", "verdict:equal"), 1)

    def test_what_differs_is_looked_at_once_more_before_it_counts(self) -> None:
        self.asker.of_ours = answer("another")
        self.compare()
        self.assertEqual((self.judged, self.store.compared), ([], 0))
        self.clock.turn(AGAIN_SECONDS)
        found = self.waiting.take(0)
        assert found is not None
        self.compare(is_again=found[1])
        self.assertEqual((self.judged, self.store.compared), (["differs"], 1))
        self.clock.turn(AGAIN_SECONDS)
        self.assertIsNone(self.waiting.take(0))

    def test_a_change_that_was_on_its_way_is_equal_the_second_time(self) -> None:
        self.asker.of_ours = answer("not there yet")
        self.compare()
        self.asker.of_ours = answer()
        self.compare(is_again=True)
        self.assertEqual(self.judged, ["equal"])

    def test_ours_that_does_not_answer_has_failed_at_once(self) -> None:
        self.asker.of_ours = None
        self.compare()
        self.assertEqual(self.judged, ["failed"])

    def test_without_an_answer_of_the_legacy_api_there_is_nothing_to_say(self) -> None:
        self.asker.of_legacy = None
        self.compare()
        self.assertEqual((self.judged, self.store.compared, self.workers.without_legacy), ([], 0, 1))
        self.assertEqual(self.metrics.total("move.without_legacy"), 1)

    def test_more_than_can_wait_to_be_written_is_dropped_and_counted(self) -> None:
        for _ in range(MOST_WAITING + 3):
            self.compare()
        self.assertEqual((self.store.compared, self.store.dropped), (MOST_WAITING + 3, 3))
