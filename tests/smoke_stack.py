"""Runs the smoke tests: on BASE_URL when it is given, else on a whole stack of their own, started and stopped here.

usage: [BASE_URL=URL PLAYLOG_KEY=KEY] python -W error -m tests.smoke_stack [-k PATTERN]
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from devstack.stack import Stack

ODD_NAME = "playlog's smoke, häufig #1 "


def run_smoke(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Runs the suite as the process that a pipeline would run."""
    command = [sys.executable, "-W", "error", "-m", "tests.run", "smoke", *arguments]
    return subprocess.run(command, env=dict(environ), check=False).returncode


def run_on_a_stack(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Starts a stack, runs the suite on it, and throws it away. Its folder has an odd name, as a clone's may have."""
    with tempfile.TemporaryDirectory(prefix=ODD_NAME) as folder, Stack(Path(folder), say=print) as stack:
        sender = stack.environ("send")
        return run_smoke(arguments, {**environ, **sender, "BASE_URL": sender["PLAYLOG_URL"]})


if __name__ == "__main__":
    given = os.environ.get("BASE_URL")
    sys.exit((run_smoke if given else run_on_a_stack)(sys.argv[1:], os.environ))
