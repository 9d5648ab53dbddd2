"""Runs one step of `make test` and notes its seconds and exit status, which tests/summary.py reads.

usage: python3 -m tests.step NAME COMMAND [ARGUMENT…]        (the standard library alone: it also times the set-up)
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

STEPS = Path("build/steps")
#: While one of them is missing the set-up downloads, and takes as long as the network makes it.
DOWNLOADED = (Path(".venv"), Path(".local/kafka/libs"))


def run_step(name: str, command: list[str], folder: Path = STEPS, downloaded: Sequence[Path] = DOWNLOADED) -> int:
    """Runs a command and returns its exit status; 127 when there is no such command."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / f"{name}.json"
    # A step that is killed leaves this: it has failed, whatever came of it.
    note.write_text(json.dumps({"seconds": 0.0, "status": 1}))
    is_cold = not all(path.exists() for path in downloaded)
    began = time.monotonic()
    try:
        status = subprocess.run(command, check=False).returncode
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename}: no such command; run `make setup`\n")
        status = 127
    seconds = round(time.monotonic() - began, 1)
    note.write_text(json.dumps({"seconds": seconds, "status": status, "is_cold": is_cold}))
    return status


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        sys.exit(abs(run_step(sys.argv[1], sys.argv[2:])))
    except KeyboardInterrupt:
        sys.exit(130)
