"""Charts: the same numbers give the same drawing, which fetches nothing and runs nothing."""

import importlib.metadata
import sys
import unittest
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from reports.charts import bars, rows, ticks


def texts(drawing: str) -> list[str]:
    page: Any = html.fragment_fromstring(drawing)
    return [each.text for each in page.iter("text") if each.text]


class ChartsTest(unittest.TestCase):
    def test_the_same_numbers_give_the_same_text(self) -> None:
        self.assertEqual(bars("a", ["x", "y"], [1, 2]), bars("a", ["x", "y"], [1, 2]))
        self.assertEqual(rows("a", ["x", "y"], [1, 2]), rows("a", ["x", "y"], [1, 2]))

    def test_later_imports_are_as_they_were(self) -> None:
        bars("a", ["x"], [1])
        self.assertTrue(all(hasattr(finder, "find_spec") for finder in sys.meta_path), sys.meta_path)
        self.assertTrue(importlib.metadata.version("werkzeug"))

    def test_nothing_is_fetched_run_or_dated(self) -> None:
        for drawing in (bars("a", ["x"], [1]), rows("a", ["x"], [1])):
            for sign in ("http", "<script", "<style", "<!--", "xlink", " id=", "pygal 3", "href"):
                self.assertNotIn(sign, drawing)

    def test_labels_are_escaped_and_shortened(self) -> None:
        drawing = rows("<a> & 'b'", ["<b>&", "a client with a name of many words"], [5, 3])
        self.assertIn("<b>&", texts(drawing))
        self.assertIn("a client with a n…", texts(drawing))
        self.assertEqual(html.fragment_fromstring(drawing).get("aria-label"), "<a> & 'b'")

    def test_a_lying_bar_has_its_number_and_the_first_is_on_top(self) -> None:
        page: Any = html.fragment_fromstring(rows("a", ["first", "second"], [12345, 0]))
        self.assertIn("12,345", [each.text for each in page.iter("text")])
        heights = {each.text: float(each.get("y")) for each in page.iter("text") if each.text in ("first", "second")}
        self.assertLess(heights["first"], heights["second"])

    def test_only_the_marked_labels_are_written(self) -> None:
        drawing = bars("a", ["00", "01", "02"], [1, 2, 3], ["00", "02"])
        self.assertIn("02", texts(drawing))
        self.assertNotIn("01", texts(drawing))

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
    def test_any_numbers_give_a_drawing_with_a_bar_each(self, values: list[int]) -> None:
        for draw in (bars, rows):
            page: Any = html.fragment_fromstring(draw("a", [str(number) for number in range(len(values))], values))
            drawn = [each for each in page.iter("rect") if "reactive" in (each.get("class") or "")]
            self.assertEqual(len(drawn), len(values))


class TicksTest(unittest.TestCase):
    @given(st.integers(0, 10**15))
    def test_they_are_whole_rise_evenly_and_reach_the_most(self, most: int) -> None:
        steps = ticks(most)
        self.assertGreaterEqual(steps[-1], max(1, most))
        self.assertLessEqual(len(steps), 6)
        self.assertEqual({after - before for before, after in pairwise(steps)}, {steps[1]})
