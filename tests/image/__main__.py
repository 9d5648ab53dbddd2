"""`make test-image`: unit tests inside the app's image, then all three containers on real stores.

usage: python -W error -m tests.image
"""

import sys
import tempfile
from pathlib import Path

from devstack.parts import STORES
from devstack.stack import Stack
from tests.image.containers import Containers
from tests.image.engine import Engine, engine
from tests.image.inside import run_unit_tests
from tests.smoke_stack import run_smoke


def main() -> int:
    """Returns 0 when everything passed."""
    runs = engine()
    try:
        for image in ("app", "nginx"):
            print(f"playlog-{image}: {runs.size_mb(image):.0f} MB", flush=True)
        return run_unit_tests(runs) or run_on_stores(runs)
    finally:
        runs.close()


def run_on_stores(runs: Engine) -> int:
    """The smoke tests through the three containers, on a Kafka and a MariaDB with closed links; then SIGTERM."""
    with (
        tempfile.TemporaryDirectory(prefix="playlog-image-") as folder,
        Stack(Path(folder), STORES, is_closed=True, say=print) as stack,
    ):
        containers = Containers(runs, stack)
        try:
            containers.start()
            key = stack.environ("send")["PLAYLOG_KEY"]
            status = run_smoke([], {"BASE_URL": containers.url, "PLAYLOG_KEY": key})
            return status or containers.follow() or containers.stop() or containers.has_left()
        finally:
            containers.kill()


if __name__ == "__main__":
    sys.exit(main())
