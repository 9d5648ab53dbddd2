"""Gives a process of ours another time of day: Python runs this before anything else where the folder is on its path.

`make day` alone puts it there. Our code asks common.clock for the time, which is told another one here, by a file that
is read each second. libfaketime would do the same to any program, but stops librdkafka: its waits end at once.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

LOOK_SECONDS = 1.0


def move(file: Path) -> None:
    """Moves the clock by the seconds in the file, for the whole process."""
    from common import clock

    real = clock.SystemClock.now
    seen = [float("-inf"), 0.0]

    def now(self: clock.SystemClock) -> datetime:
        if time.monotonic() - seen[0] > LOOK_SECONDS:
            seen[:] = time.monotonic(), float(file.read_text())
        return real(self) + timedelta(seconds=seen[1])

    clock.SystemClock.now = now  # type: ignore[method-assign]


if "PLAYLOG_MOVED_CLOCK" in os.environ:
    move(Path(os.environ["PLAYLOG_MOVED_CLOCK"]))
