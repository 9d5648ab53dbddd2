"""The unit suite runs in two halves at once: together they are the whole, and no class is in both."""

import unittest

from tests.run import each_of, half_of


class HalvesTest(unittest.TestCase):
    def test_each_test_is_in_one_half_and_a_class_stays_together(self) -> None:
        tests = {"test_a": lambda _: None, "test_b": lambda _: None}
        kinds = [type(name, (unittest.TestCase,), tests) for name in ("One", "Two", "Three")]
        whole = unittest.TestSuite(kind(name) for name in tests for kind in kinds)
        halves = [list(each_of(half_of(whole, half))) for half in (0, 1)]
        self.assertEqual([{type(each).__name__ for each in half} for half in halves], [{"One", "Two"}, {"Three"}])
        self.assertEqual([len(half) for half in halves], [4, 2])
        self.assertEqual({each.id() for half in halves for each in half}, {each.id() for each in each_of(whole)})
