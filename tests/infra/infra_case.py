"""A test that needs test hosts: skipped, with the reason, where none can be had."""

import atexit
import unittest
from functools import cache

from infra.testhost.base import CannotMake, release_here
from infra.testhost.tools import missing_tools
from tests.infra.rig import Rig


def why_not() -> str | None:
    """Why no test host can be had here, if so."""
    try:
        release_here()
    except CannotMake as error:
        return str(error)
    return missing_tools()


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
