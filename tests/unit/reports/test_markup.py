"""Numbers that are read easily and copied plainly; shares and changes."""

import unittest

from lxml import html

from reports.markup import change, environment, number, share


class NumberTest(unittest.TestCase):
    def test_thousands_stand_apart_and_are_copied_as_digits(self) -> None:
        for value, groups in ((0, 0), (7, 0), (999, 0), (1000, 1), (1234567, 2), (-1234, 1), (100000, 1)):
            made = number(value)
            self.assertEqual(html.fragment_fromstring(made, create_parent=True).text_content(), str(value))
            self.assertEqual(made.count("<span class=k>"), groups)

    def test_what_is_not_known_is_a_dash(self) -> None:
        self.assertEqual((number(None), share(1, 0), change(1, None), change(1, 0)), ("–", "–", "–", "–"))

    def test_a_change_has_its_sign(self) -> None:
        self.assertEqual((change(110, 100), change(90, 100), change(5, 5)), ("+10.0 %", "−10.0 %", "+0.0 %"))
        self.assertEqual(share(1, 3), "33.3 %")

    def test_a_text_is_escaped(self) -> None:
        made = environment().from_string("{{ text }} {{ count|n }}").render(text="<b>&", count=1000)
        self.assertEqual(made, "&lt;b&gt;&amp; 1<span class=k>000</span>")
