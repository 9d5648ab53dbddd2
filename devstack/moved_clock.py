"""A clock of a stack's own, which is set while its processes run: theirs and Kafka's time of day is another.

What measures how long something takes goes on as it was. Kafka gets it by libfaketime, our words by devstack/moved.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from devstack.moved.sitecustomize import LOOK_SECONDS
from devstack.process import ProcessFailed

#: Where Debian's package libfaketime has it, for each architecture.
LIBRARIES = (Path("/usr/lib"), "*/faketime/libfaketime.so.1")
FOLDER = Path(__file__).with_name("moved")
#: libfaketime counts in whole seconds: a look is due within two.
ALL_LOOKED_SECONDS = 2.1


def library() -> Path | None:
    """libfaketime, if it is there."""
    root, pattern = LIBRARIES
    return next(iter(sorted(root.glob(pattern))), None)


class MovedClock:
    """The distance from the real clock, in whole seconds, in a file."""

    def __init__(self, file: Path, wait: Callable[[float], object] = time.sleep) -> None:
        self._file, self._wait = file.resolve(), wait
        self._distance = timedelta()

    def words_environ(self) -> dict[str, str]:
        """What a word of ours needs to have this clock."""
        return {"PLAYLOG_MOVED_CLOCK": str(self._file), "PYTHONPATH": str(FOLDER)}

    def kafka_environ(self) -> dict[str, str]:
        """What Kafka needs to have it. Raises ProcessFailed where the library is missing."""
        found = library()
        if found is None:
            raise ProcessFailed("libfaketime isn't here: install the Debian package libfaketime, and run this again")
        return {
            "LD_PRELOAD": str(found),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": f"{LOOK_SECONDS:.0f}",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its own guess is for an older libc: with it, waits of Java's threads end at once, and eat the processor.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def now(self) -> datetime:
        """What the processes take for now."""
        return datetime.now(UTC) + self._distance

    def set(self, moment: datetime) -> None:
        """Moves it for all processes, and waits until each has looked."""
        self._distance = timedelta(seconds=round((moment - datetime.now(UTC)).total_seconds()))
        new = self._file.with_name(f"{self._file.name}.new")
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(f"{self._distance.total_seconds():+.0f}\n")
        new.replace(self._file)
        self._wait(ALL_LOOKED_SECONDS)
