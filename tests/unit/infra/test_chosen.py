"""What `make test` takes of the long proofs is another choice with each commit, and the same with the same."""

import unittest

from tests.infra.chosen import NUMBER, chosen


class ChosenTest(unittest.TestCase):
    def test_a_commit_chooses_as_before_and_without_repeats(self) -> None:
        first = chosen(range(50), "abc")
        self.assertEqual((len(set(first)), first), (NUMBER, chosen(range(50), "abc")))

    def test_sooner_or_later_each_is_chosen(self) -> None:
        seen = {each for commit in range(200) for each in chosen(range(50), f"commit {commit}")}
        self.assertEqual(seen, set(range(50)))

    def test_of_few_all_are_chosen(self) -> None:
        self.assertEqual(sorted(chosen("ab", "abc")), ["a", "b"])
