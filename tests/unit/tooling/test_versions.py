"""Which release runs beside this version."""

import unittest

from tests.versions import newest


class NewestTest(unittest.TestCase):
    def test_it_is_the_highest_number_not_the_last_name(self) -> None:
        self.assertEqual(newest(["v1", "v9.2", "v10", "v9.10.1"]), "v10")
        self.assertEqual(newest(["v1.9", "v1.10"]), "v1.10")

    def test_other_tags_are_no_releases(self) -> None:
        self.assertEqual(newest(["beta", "v1-rc1", "version2"]), None)
