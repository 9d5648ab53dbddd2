"""Three of the red proofs and kills, picked by the commit's hash; `make test-all` takes all of them."""

from infra.promises import PROMISES
from tests.infra.chosen import chosen, commit
from tests.infra.proofs import Proofs
from tests.infra.wound import meanwhile


class ChosenProofsTest(Proofs):
    def test_three_of_the_red_proofs_and_kills(self) -> None:
        meanwhile(self.rig)
        steps = self.rig.first().converged.steps
        kills = [(step["promise"], step["step"], step["seconds"] * 0.4) for step in steps]
        for each in chosen([*PROMISES, *kills], commit()):
            with self.subTest(each):
                if isinstance(each, str):
                    self.prove_red(each)
                else:
                    self.prove_kill(*each)
