"""The gate: shut while anything speaks against a move, with each reason; and what the newest comparisons say."""

import unittest

from moving.evidence import Evidence, evidence_of, p95
from moving.gate import Bounds, Proof, decide

PROVED = Proof(is_equal=True, words="equal")


def evidence(legacy: float = 100.0, ours: float = 100.0, **verdicts: int) -> Evidence:
    return Evidence(sum(verdicts.values()), verdicts, legacy, ours)


class GateTest(unittest.TestCase):
    def against(self, found: Evidence, proof: Proof = PROVED) -> tuple[str, ...]:
        return decide(found, proof, Bounds()).against

    def test_enough_that_are_equal_beyond_noise_open_it(self) -> None:
        self.assertEqual(self.against(evidence(equal=90, noise=7, slower=3)), ())
        self.assertTrue(decide(evidence(equal=100), PROVED, Bounds()).is_open)

    def test_one_difference_or_failure_keeps_it_shut(self) -> None:
        for verdict in ("differs", "failed"):
            (reason,) = self.against(evidence(equal=99, **{verdict: 1}))
            self.assertIn(f"of the newest 100 comparisons 1 {verdict}", reason)

    def test_too_few_keep_it_shut(self) -> None:
        (reason,) = self.against(evidence(equal=99))
        self.assertIn("only 99 comparisons of it in the last day, 100 are wanted", reason)
        self.assertEqual(decide(evidence(equal=20), PROVED, Bounds(least=20)).against, ())

    def test_the_bound_on_p95_is_a_factor_and_what_is_quick_is_never_too_slow(self) -> None:
        self.assertEqual(self.against(evidence(100, 150, equal=100)), ())
        (reason,) = self.against(evidence(100, 151, equal=100))
        self.assertIn("the bound is 150.0 ms", reason)
        self.assertEqual(self.against(evidence(1, 50, equal=100)), ())
        self.assertEqual(len(self.against(evidence(1, 51, equal=100))), 1)

    def test_without_the_proof_it_stays_shut(self) -> None:
        (reason,) = self.against(evidence(equal=100), Proof(is_equal=False, words="NOT EQUAL"))
        self.assertIn("isn't proved to be equal (NOT EQUAL)", reason)

    def test_every_reason_is_said_at_once_and_kept(self) -> None:
        found = decide(evidence(1, 99, differs=1), Proof(is_equal=False, words="x"), Bounds())
        self.assertEqual((len(found.against), found.is_open), (4, False))
        self.assertEqual(found.facts["against"], list(found.against))
        self.assertEqual(found.facts["comparisons"]["verdicts"], {"differs": 1})


class EvidenceTest(unittest.TestCase):
    def test_verdicts_and_times_are_counted_and_a_failure_has_no_time(self) -> None:
        rows = [("equal", 10.0, float(number), str(number % 7)) for number in range(1, 101)] + [
            ("failed", 1.0, 0.0, "")
        ]
        found = evidence_of(rows)
        self.assertEqual((found.compared, found.verdicts), (101, {"equal": 100, "failed": 1}))
        self.assertEqual((found.legacy_p95_ms, found.our_p95_ms), (10.0, 95.0))
        self.assertEqual((found.against, found.tracks), ({"failed": 1}, 7))

    def test_of_nothing_there_is_nothing(self) -> None:
        self.assertEqual(evidence_of([]), Evidence(0, {}, 0.0, 0.0))

    def test_p95_is_the_nearest_rank(self) -> None:
        self.assertEqual([p95([1.0]), p95([1.0, 2.0]), p95([float(n) for n in range(1, 21)])], [1.0, 2.0, 19.0])
