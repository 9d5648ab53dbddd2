"""When a move has to go back: failures and differences beyond their bounds, and nothing less."""

import unittest

from moving.plan import Move, Plan
from moving.watch import DIFFERENCE_SECONDS, FAILURE_SECONDS, Watch
from tests.fakes.hand_clock import HandClock

MOVE = Move(1, "/1.2/track/details")


class WatchTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.watch = Watch(0.02, 0.01, self.clock)
        self.plan = Plan().with_move(MOVE).with_shadow(10)

    def serve(self, sampled: int = 0, failed: int = 0) -> None:
        for _ in range(sampled):
            self.watch.served(MOVE, is_sampled=True, has_failed=False)
        for _ in range(failed):
            self.watch.served(MOVE, is_sampled=False, has_failed=True)

    def compare(self, equal: int = 0, differing: int = 0) -> None:
        for number in range(equal + differing):
            self.watch.compared(MOVE, has_differed=number < differing)

    def reasons(self) -> list[str]:
        return [alarm.reason for alarm in self.watch.alarms(self.plan)]

    def test_failures_beyond_the_bound_are_an_alarm_with_its_evidence(self) -> None:
        self.serve(sampled=20, failed=5)  # of about 200
        (alarm,) = self.watch.alarms(self.plan)
        self.assertEqual((alarm.move, alarm.reason), (MOVE, "5 of about 200 requests failed within 60 s"))
        self.assertEqual(alarm.evidence, {"failed": 5, "requests": 200, "bound": 0.02})

    def test_failures_within_the_bound_are_none(self) -> None:
        self.serve(sampled=25, failed=5)  # of about 250: 2 %
        self.assertEqual(self.reasons(), [])
        self.serve(failed=1)
        self.assertEqual(len(self.reasons()), 1)

    def test_a_few_failures_are_none_however_few_requests_there_were(self) -> None:
        self.serve(failed=4)
        self.assertEqual(self.reasons(), [])

    def test_old_failures_are_forgotten(self) -> None:
        self.serve(failed=4)
        self.clock.turn(FAILURE_SECONDS + 1)
        self.serve(failed=4)
        self.assertEqual(self.reasons(), [])

    def test_where_nothing_is_sampled_the_least_number_is_enough(self) -> None:
        self.plan = self.plan.with_shadow(0)
        self.serve(failed=5)
        self.assertEqual(self.reasons(), ["5 of about 5 requests failed within 60 s"])

    def test_differences_beyond_the_bound_are_an_alarm(self) -> None:
        self.compare(equal=297, differing=3)
        self.assertEqual(self.reasons(), [])
        self.compare(differing=1)
        self.assertEqual(self.reasons(), ["4 of 301 comparisons differed within 10 minutes"])

    def test_two_differences_are_none(self) -> None:
        self.compare(differing=2)
        self.assertEqual(self.reasons(), [])

    def test_old_differences_are_forgotten(self) -> None:
        self.compare(differing=2)
        self.clock.turn(DIFFERENCE_SECONDS + 1)
        self.compare(differing=2)
        self.assertEqual(self.reasons(), [])

    def test_what_is_moved_no_more_has_no_alarm_and_is_forgotten(self) -> None:
        self.compare(differing=5)
        self.assertEqual(self.watch.alarms(self.plan.without([1])), [])
        self.assertEqual(self.reasons(), [])
