"""A made-up catalogue is the same for the same seed, and as real ones are."""

import unittest
from datetime import UTC, datetime

from catalogue.sample.make import make_releases

TODAY = datetime(2026, 11, 27, tzinfo=UTC).replace(tzinfo=None)


class SampleTest(unittest.TestCase):
    def test_the_same_seed_makes_the_same_rows_in_any_chunks(self) -> None:
        whole, first, second = (make_releases(range(*span), 1, TODAY) for span in ((0, 40), (0, 15), (15, 40)))
        self.assertEqual(whole.releases, first.releases + second.releases)
        self.assertEqual(whole.rights, first.rights + second.rights)
        self.assertNotEqual(whole.releases, make_releases(range(40), 2, TODAY).releases)

    def test_there_are_ten_tracks_a_release_and_some_come_later(self) -> None:
        rows = make_releases(range(1_000), 1, TODAY)
        self.assertTrue(9 <= len(rows.tracks) / 1_000 <= 11)
        self.assertEqual(len({row[0] for row in rows.tracks}), len(rows.tracks))
        future = [row for row in rows.rights if row[1] == 0 and row[4] > TODAY]
        self.assertTrue(1 <= len({row[0] for row in future}) <= 40)
        self.assertLessEqual({row[1] for row in rows.rights} - {0}, {row[0] for row in rows.tracks})
