"""Sets a machine up for Playlog: `python3 -m devstack.setup`, by the system's Python, before .venv exists.

With --test-hosts, what the test hosts of infra/ need as well, where this machine can have such hosts; with --browser,
what looks at the pages; with --moved-clock, what `make day` moves Kafka's clock by.

Asks what is missing first. A second run finds nothing to do, takes a moment and needs no network.
"""

import fcntl
import shutil
import sys
import time
from pathlib import Path

from devstack.setup_archive import set_up_archive
from devstack.setup_kafka import set_up_kafka
from devstack.setup_needs import (
    BROWSER_NEEDS,
    CLOCK_NEEDS,
    HOST_NEEDS,
    can_have_hosts,
    memory_gb,
    missing_packages,
    resources_line,
)
from devstack.setup_python import set_up_python
from devstack.setup_system import SetupStopped, has_candidate, set_up_system

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


def is_fresh() -> bool:
    """Says whether anything big is still to come: then the needs are said first."""
    return (
        bool(missing_packages()) or not (ROOT / ".venv").exists() or not (ROOT / ".local" / "kafka" / "libs").exists()
    )


def set_up() -> None:
    if is_fresh():
        say(resources_line(memory_gb(), shutil.disk_usage(ROOT).free / 1e9))
    set_up_system(say)
    set_up_python(ROOT, say)
    set_up_kafka(ROOT, say)
    set_up_archive(ROOT, say)


def set_up_hosts() -> None:
    """Says nothing where there can be none: the tests of infra/ say why."""
    if can_have_hosts():
        set_up_system(say, needs=HOST_NEEDS)


def set_up_browser() -> None:
    """Ubuntu's packages have no Chromium, but a snap: there the tests that look at pages say that they are skipped."""
    try:
        set_up_system(say, needs=BROWSER_NEEDS)
    except SetupStopped:
        absent = [need.package for need in BROWSER_NEEDS if not need.is_met() and not has_candidate(need.package)]
        if not absent:
            raise
        say(f"this distribution has no package {', '.join(absent)}: tests that look at pages are skipped")


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        print(f"set-up: Python 3.11 or newer is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    (ROOT / ".local").mkdir(exist_ok=True)
    started = time.monotonic()
    with (ROOT / ".local" / "setup.lock").open("w") as lock:
        # Two targets of make at once: the second waits, and finds all done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if "--test-hosts" in sys.argv[1:]:
                set_up_hosts()
                return 0
            if "--browser" in sys.argv[1:]:
                set_up_browser()
                return 0
            if "--moved-clock" in sys.argv[1:]:
                set_up_system(say, needs=CLOCK_NEEDS)
                return 0
            set_up()
        except SetupStopped as stopped:
            print(f"set-up: {stopped}", file=sys.stderr)
            return 1
    say(f"everything is here ({time.monotonic() - started:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
