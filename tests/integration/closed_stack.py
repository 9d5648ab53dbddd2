"""One stack with closed links for all tests of them, started when the first asks."""

import atexit
import shutil
from functools import cache

from devstack.closed_links import ClosedLinks
from devstack.parts import ALL, MOVING, Part
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.integration.shared_stack import BUILD, HOME

#: Every word but the one that writes to a topic on one broker's disk alone accepts what it finds outside `local`.
OUTSIDE = {"PLAYLOG_ENV": "uat"}


@cache
def closed_stack() -> Stack:
    """The whole pipeline behind TLS, passwords and rules."""
    home = BUILD / f"{HOME.name}-closed"
    shutil.rmtree(home, ignore_errors=True)
    words = (
        *("consume", "report", "ledger", "receipt", "status", "migrate", "clients", "dead-letters", "acls", "doctor"),
        *("catalogue", "catalogue-produce", "catalogue-consume"),
    )
    overrides = dict.fromkeys(words, OUTSIDE)
    stack = Stack(home, ALL - MOVING - {Part.NGINX}, is_closed=True, is_test=True, overrides=overrides)
    atexit.register(_end, stack)
    stack.start()
    refuse_unmarked(stack)
    return stack


def links() -> ClosedLinks:
    """The certificates, users and passwords of the stack."""
    found = closed_stack().closed
    assert found is not None
    return found


def _end(stack: Stack) -> None:
    stack.stop()
    shutil.rmtree(stack.home / "data", ignore_errors=True)
