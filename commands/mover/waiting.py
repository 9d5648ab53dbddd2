"""Waits until every nginx that lives serves a version of the map, or names those that don't."""

import sys
import time
from collections.abc import Sequence

from commands.mover.desk import Desk
from moving import table
from moving.table import Instance

DONE, NOT_YET = 0, 75
POLL_SECONDS = 0.05


def wait_until_served(desk: Desk, version: int, seconds: float) -> int:
    """0 when all have it; 75 when one hasn't in time, or isn't heard of. Prints which have, or haven't."""
    began = time.monotonic()
    while True:
        found = table.instances(desk.connection)
        # A newer one has it as well: another operator was here meanwhile.
        late = [each for each in found if each.version < version]
        took = time.monotonic() - began
        if found and not late:
            names = "1 nginx has it" if len(found) == 1 else f"all {len(found)} nginx have it"
            print(f"version {version}: {names}, after {took:.2f} s")
            return DONE
        if took >= seconds:
            _complain(version, found, late, took)
            return NOT_YET
        time.sleep(POLL_SECONDS)


def _complain(version: int, found: Sequence[Instance], late: Sequence[Instance], took: float) -> None:
    if not found:
        print(
            f"version {version} is made, but no nginx follows: start playlog moves follow beside each.", file=sys.stderr
        )
        return
    print(f"version {version} is made; after {took:.1f} s these don't serve it:", file=sys.stderr)
    for each in late:
        print(f"  {sentence(each)}", file=sys.stderr)
    print(
        "They go on with what they had; playlog move list says when they have it. One that is gone for good:"
        " playlog move forget NAME.",
        file=sys.stderr,
    )


def sentence(instance: Instance) -> str:
    """How one nginx stands."""
    text = f"{instance.name} serves version {instance.version}"
    if not instance.is_live:
        text += f", as it said {instance.silent_seconds:,.0f} s ago; it may live on without its follower"
    if instance.problem:
        text += f": {instance.problem}"
    return text
