"""A simulated day makes room for itself, and takes away nothing that isn't an earlier one's."""

import tempfile
import unittest
from pathlib import Path

from devstack.process import ProcessFailed
from devstack.simulated_day import CLOCK, make_room
from devstack.stack import Stack


class MakeRoomTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name) / "home"
        self.home.mkdir()

    def test_a_new_and_an_empty_folder_are_taken(self) -> None:
        make_room(self.home)
        make_room(self.home / "new")
        self.assertEqual(list(self.home.iterdir()), [])

    def test_a_folder_of_somebody_elses_is_left_alone(self) -> None:
        (self.home / "thesis.txt").write_text("years of work")
        with self.assertRaisesRegex(ProcessFailed, "holds something else than a simulated day: name an empty folder"):
            make_room(self.home)
        self.assertTrue((self.home / "thesis.txt").exists())

    def test_an_earlier_day_goes_unless_it_is_at_work(self) -> None:
        (self.home / CLOCK).write_text("0")
        at_work = Stack(self.home, frozenset())
        at_work.claim()
        with self.assertRaisesRegex(ProcessFailed, "runs already"):
            make_room(self.home)
        self.assertTrue((self.home / CLOCK).exists())
        at_work.stop()
        make_room(self.home)
        self.assertFalse(self.home.exists())
