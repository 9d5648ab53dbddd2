"""Whatever fails, a version that passed its smoke tests serves at the end, or a person is told."""

import unittest
from collections.abc import Callable
from dataclasses import replace

from rollout.region import Ended, RegionError
from rollout.stable import Waiting
from rollout.steps import Outcome, Plan, Rollout
from tests.unit.rollout.fakes import V1, V2, FakeClock, FakeRegion, at, other, primary

PLAN = Plan({"family": "playlog"}, {"family": "playlog-migrate"})


class StepsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.region, self.clock, self.told = FakeRegion(), FakeClock(), list[str]()
        self.smokes = 0

    def run_it(self, *, passes: bool = True, plan: Plan = PLAN, smoke: Callable[[], bool] | None = None) -> Outcome:
        def counted() -> bool:
            self.smokes += 1
            return passes

        waiting = Waiting(self.region, self.clock, self.clock.sleep, self.told.append, 600)
        return Rollout(self.region, waiting, smoke or counted, self.told.append).run(plan)

    def test_all_goes_well(self) -> None:
        self.assertEqual(self.run_it(), Outcome.DONE)
        steps = ["register playlog-migrate", "register playlog", "migrate", "update 2 None", "proven 2"]
        self.assertEqual(self.region.calls, steps)
        self.assertEqual((self.region.now.definition, self.smokes), (V2, 1))

    def test_a_number_of_tasks_is_passed_on(self) -> None:
        self.run_it(plan=replace(PLAN, count=5))
        self.assertIn("update 2 5", self.region.calls)
        self.assertEqual(self.region.now.desired, 5)

    def test_failed_smoke_tests_bring_the_former_version_back_with_as_many_tasks(self) -> None:
        self.assertEqual(self.run_it(passes=False, plan=replace(PLAN, count=5)), Outcome.WENT_BACK)
        self.assertEqual(self.region.calls[-2:], ["update 2 5", "update 1 2"])
        self.assertEqual((self.region.now.definition, self.region.now.desired), (V1, 2))

    def test_a_version_that_never_passed_is_not_gone_back_to(self) -> None:
        """The one that runs was left by a roll-out that was killed before its smoke tests."""
        version_0 = V1.replace(":1", ":0")
        self.region.now = at(V1, proven=version_0)
        self.assertEqual(self.run_it(passes=False), Outcome.WENT_BACK)
        self.assertEqual(self.region.now.definition, version_0)

    def test_when_the_proven_version_cannot_run_any_more_the_one_that_ran_comes_back(self) -> None:
        version_0 = V1.replace(":1", ":0")
        self.region.now = at(V1, proven=version_0)
        self.region.fates[version_0] = [at(V2)] * 20
        self.assertEqual(self.run_it(passes=False), Outcome.WENT_BACK)
        self.assertEqual(self.region.now.definition, V1)

    def test_tasks_that_never_get_healthy_bring_the_former_version_back_and_say_why(self) -> None:
        failed = replace(at(V1), deployments=(primary(V2, "FAILED", 0, 3), other(V1)))
        self.region.fates[V2] = [failed]
        self.region.reasons = ["app: exit status 78"]
        self.assertEqual(self.run_it(), Outcome.WENT_BACK)
        self.assertEqual(self.smokes, 0)
        self.assertTrue(any("exit status 78" in line for line in self.told), self.told)

    def test_ecs_that_goes_back_by_itself_is_a_failure(self) -> None:
        under_way = replace(at(V1), deployments=(primary(V2, "IN_PROGRESS", 0), other(V1)))
        self.region.fates[V2] = [under_way, at(V1)]
        self.assertEqual(self.run_it(), Outcome.WENT_BACK)
        self.assertTrue(any("by itself" in line for line in self.told), self.told)

    def test_a_change_that_is_shown_late_is_waited_for(self) -> None:
        self.region.fates[V2] = [at(V1), at(V1), at(V2)]
        self.assertEqual(self.run_it(), Outcome.DONE)

    def test_a_question_that_fails_is_asked_again(self) -> None:
        self.region.fates[V2] = [RegionError("throttled"), at(V2)]
        self.assertEqual(self.run_it(), Outcome.DONE)

    def test_it_waits_no_longer_than_it_may(self) -> None:
        self.region.fates[V2] = [replace(at(V1), deployments=(primary(V2, "IN_PROGRESS", 0), other(V1)))]
        self.assertEqual(self.run_it(), Outcome.WENT_BACK)
        self.assertTrue(any("not stable within 600 s" in line for line in self.told), self.told)

    def test_fewer_tasks_than_wanted_are_not_stable(self) -> None:
        self.region.fates[V2] = [replace(at(V2), desired=4)]
        self.assertEqual(self.run_it(), Outcome.WENT_BACK)

    def test_an_interrupt_brings_the_former_version_back(self) -> None:
        def interrupted() -> bool:
            raise KeyboardInterrupt

        self.assertEqual(self.run_it(smoke=interrupted), Outcome.WENT_BACK)
        self.assertEqual(self.region.now.definition, V1)

    def test_going_back_is_not_given_up_for_a_question_that_fails(self) -> None:
        self.region.refusals = [RegionError("throttled")] * 5
        self.assertEqual(self.run_it(passes=False), Outcome.WENT_BACK)
        self.assertEqual(self.region.now.definition, V1)

    def test_going_back_that_is_refused_for_minutes_is_a_person_s(self) -> None:
        self.region.refusals = [RegionError("denied")] * 10_000
        self.assertEqual(self.run_it(passes=False), Outcome.STUCK)
        self.assertLess(self.clock.seconds, 1000)

    def test_when_going_back_fails_a_person_is_told(self) -> None:
        self.region.fates[V1] = [at(V2)] * 20
        self.assertEqual(self.run_it(passes=False), Outcome.STUCK)

    def test_a_migration_that_fails_changes_no_task(self) -> None:
        for ended in (Ended(1, "Essential container exited"), Ended(None, "CannotPullContainerError"), None):
            with self.subTest(ended):
                self.setUp()
                self.region.migration = ended
                self.assertEqual(self.run_it(), Outcome.UNCHANGED)
                self.assertEqual(self.region.calls[-1], "migrate")

    def test_it_begins_nothing_while_another_roll_out_is_under_way(self) -> None:
        self.region.now = replace(at(V1), deployments=(primary(V1, "IN_PROGRESS"), other(V2)))
        with self.assertRaisesRegex(RegionError, "under way"):
            self.run_it()
        self.assertEqual(self.region.calls, [])

    def test_it_begins_nothing_in_another_account(self) -> None:
        self.region.account_problem = "the credentials are of account 2"
        with self.assertRaisesRegex(RegionError, "account 2"):
            self.run_it()
        self.assertEqual(self.region.calls, [])

    def test_a_version_that_serves_but_cannot_be_marked_is_kept_and_said(self) -> None:
        self.region.proven_fails = True
        self.assertEqual(self.run_it(), Outcome.DONE)
        self.assertTrue(any("couldn't be noted" in line for line in self.told), self.told)
