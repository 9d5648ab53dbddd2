"""Asks the word that a container runs whether it is alive: exit status 0 when it is. For the image's HEALTHCHECK.

Looks at the container's first process: `serve` answers at WEB_BIND, `consume` at CONSUMER_STATUS_BIND, and so on. Other
words run to their end and have nobody to ask.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

# As the settings of these words have it.
BINDS = {
    "serve": ("WEB_BIND", "127.0.0.1:8000"),
    "consume": ("CONSUMER_STATUS_BIND", "127.0.0.1:8090"),
    "catalogue-consume": ("CONSUMER_STATUS_BIND", "127.0.0.1:8090"),
    "catalogue-produce": ("PRODUCER_STATUS_BIND", "127.0.0.1:8092"),
}
TIMEOUT_SECONDS = 4


def health_url(command_line: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """Returns where to ask, or None for a word that nobody can ask."""
    for word, (name, default) in BINDS.items():
        if word in command_line:
            host, _, port = (environ.get(name) or default).rpartition(":")
            return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/health"  # noqa: S104
    return None


def is_alive(url: str) -> bool:
    """Says whether the process answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    asked = health_url(Path("/proc/1/cmdline").read_text().split("\0"), os.environ)
    sys.exit(0 if asked is None or is_alive(asked) else 1)
