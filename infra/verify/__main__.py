"""Proves an environment's promises on its hosts; changes nothing there.

`python -m infra verify` is the door to it. Exit status: 0 all promises are kept, 1 one isn't, 78 a wrong inventory.
"""

import argparse
import json
import os
import sys
import time
import unittest
import warnings
from collections.abc import Sequence
from pathlib import Path

import testinfra

from infra.inventory import ENVIRONMENTS, BadInventory, Inventory, of_host, read
from infra.site import Site
from infra.verify.case import HostCase
from infra.wheels import ROOT, Release

FAILED, BAD_INVENTORY = 1, 78


def verify(inventory: Inventory, release: Release, verbosity: int) -> dict[str, dict[str, list[str]]]:
    """Runs the tests on each host; by host and promise the tests that failed, and what each said."""
    found: dict[str, dict[str, list[str]]] = {}
    for host in inventory.hosts:
        HostCase.site = Site(inventory, host.name, host.roles, release.name, release.archive)
        config = {"ssh_config": str(inventory.ssh_config)} if inventory.ssh_config else {}
        HostCase.host = testinfra.get_host(f"ssh://{host.name}", **config)
        tests = unittest.TestLoader().discover(str(Path(__file__).parent), "test_*.py", top_level_dir=str(ROOT))
        print(f"{host.name}: {', '.join(host.roles)}", file=sys.stderr, flush=True)
        result = unittest.TextTestRunner(verbosity=verbosity, warnings="default").run(tests)
        for case, said in (*result.failures, *result.errors):
            promise = case.promise() if isinstance(case, HostCase) else "?"
            last = said.strip().splitlines()[-1]
            found.setdefault(host.name, {}).setdefault(promise, []).append(f"{case.id().rpartition('.')[2]}: {last}")
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Reads the arguments, and verifies."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--env", required=True, choices=ENVIRONMENTS, help="whose hosts")
    parser.add_argument("--host", help="this host of the inventory alone")
    parser.add_argument("--release", required=True, help="the release that is to run")
    parser.add_argument("--archive", type=Path, help="its wheels: then it is compared with requirements.lock too")
    parser.add_argument("--json", type=Path, help="write what failed to this file: by host and promise")
    parser.add_argument("-v", action="store_true", help="a line for each test")
    args = parser.parse_args(argv)
    try:
        inventory = of_host(read(args.env, os.environ), args.host)
    except BadInventory as bad:
        print(bad, file=sys.stderr)
        return BAD_INVENTORY
    warnings.simplefilter("default")
    began = time.monotonic()
    found = verify(inventory, Release(args.release, args.archive), 2 if args.v else 1)
    if args.json:
        args.json.write_text(json.dumps(found, indent=2))
    for host, promises in found.items():
        print(f"{host}: not kept: {', '.join(sorted(promises))}")
    print(f"{'NOT kept' if found else 'all promises are kept'}, {time.monotonic() - began:.1f} s")
    return FAILED if found else 0


if __name__ == "__main__":
    sys.exit(main())
