"""A test that needs test hosts: skipped, with the reason, where none can be had."""

import atexit
import unittest
from functools import cache

from infra.testhost.tools import why_not
from tests.infra.rig import Rig


class InfraCase(unittest.TestCase):
    """A test that needs test hosts; skipped, with the reason, where none can be had."""

    rig: Rig
    reason: str | None

    @classmethod
    def setUpClass(cls) -> None:
        cls.reason = why_not()
        if cls.reason is None:
            cls.rig = the_rig()

    def setUp(self) -> None:
        # Each by itself: a class that is skipped as a whole counts as no test, and a suite without one has failed.
        if self.reason is not None:
            self.skipTest(self.reason)


@cache
def the_rig() -> Rig:
    rig = Rig()
    atexit.register(rig.stop)
    rig.start()
    return rig
