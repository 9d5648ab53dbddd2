"""What is no number within the limits is refused with the rule, however many digits it has."""

import argparse
import unittest

from playlog_client.arguments import whole


class WholeTest(unittest.TestCase):
    def test_only_plain_digits_within_the_limits_are_taken(self) -> None:
        convert = whole(0, 500)
        self.assertEqual([convert(text) for text in ("0", "007", "500")], [0, 7, 500])
        for text in ("501", "-1", "1_0", " 1", "٣", "1.0", "", "0" * 20 + "99999", "9" * 5000):
            with self.assertRaisesRegex(argparse.ArgumentTypeError, "whole number from 0 to 500"):
                convert(text)
