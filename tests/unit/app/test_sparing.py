"""Python's search for cycles, as a worker has it."""

import gc
import unittest

from app.sparing import THRESHOLDS, spare_the_collector


class Node:
    """Can lie in a cycle."""

    other: "Node"


class SparingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        self.addCleanup(gc.unfreeze)

    def test_what_stays_is_searched_no_more_and_cycles_still_go(self) -> None:
        stays = Node()
        spare_the_collector()
        self.assertEqual(gc.get_threshold(), THRESHOLDS)
        self.assertFalse(any(each is stays for each in gc.get_objects()))
        one, two = Node(), Node()
        one.other, two.other = two, one
        del one, two
        self.assertGreaterEqual(gc.collect(), 2)
