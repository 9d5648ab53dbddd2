"""All red proofs and all kills (make infra-all)."""

from infra.promises import PROMISES
from tests.infra.proofs import Proofs


class RedProofs(Proofs):
    def test_each_promise_removed_turns_its_test_red(self) -> None:
        for promise in PROMISES:
            with self.subTest(promise):
                self.prove_red(promise)


class KillProofs(Proofs):
    def test_converge_killed_when_a_step_begins_is_made_good_by_the_next(self) -> None:
        for step in self.rig.first().converged.steps:
            with self.subTest(f"{step['promise']}: {step['step']}"):
                self.prove_kill(step["promise"], step["step"], 0)

    def test_converge_killed_in_the_midst_of_a_step_is_made_good_by_the_next(self) -> None:
        for step in self.rig.first().converged.steps:
            with self.subTest(f"{step['promise']}: {step['step']}"):
                self.prove_kill(step["promise"], step["step"], step["seconds"] / 2)
