"""What the tests of this suite share: one rig, as it was before each test."""

import unittest
from typing import ClassVar

from tests.moving.moving_rig import MovingRig, moving_rig


class MovingCase(unittest.TestCase):
    """Each test says what is moved at its beginning (`put`); nothing was compared, and the legacy API has no fault.

    A version takes nginx half a second: tests that want the same plan have it one after the other.
    """

    rig: ClassVar[MovingRig]

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = moving_rig()

    def setUp(self) -> None:
        self.rig.reset()
