"""The unit suite runs in two halves at once: together they are the whole, and no class is in both."""

import unittest

from tests.run import each_of, half_of


class One(unittest.TestCase):
    def test_a(self) -> None:
        """Only counted."""

    def test_b(self) -> None:
        """Only counted."""


class Two(One):
    pass


class Three(One):
    pass


class HalvesTest(unittest.TestCase):
    def test_each_test_is_in_one_half_and_a_class_stays_together(self) -> None:
        whole = unittest.TestSuite(kind(name) for name in ("test_a", "test_b") for kind in (One, Two, Three))
        halves = [{each.id() for each in each_of(half_of(whole, half))} for half in (0, 1)]
        self.assertEqual(halves[0] & halves[1], set())
        self.assertEqual(halves[0] | halves[1], {each.id() for each in each_of(whole)})
        self.assertEqual([{name.rpartition(".")[0].rpartition(".")[2] for name in half} for half in halves],
                         [{"One", "Two"}, {"Three"}])  # fmt: skip
        self.assertEqual([len(half) for half in halves], [4, 2])
