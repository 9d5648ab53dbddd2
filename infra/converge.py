"""Keeps the promises on an environment's hosts: asks each, and changes what isn't so. A second run changes nothing.

`python -m infra converge` is the door to it; it runs in a process of its own, for pyinfra turns Python's sockets into
gevent's. A line for each step: whether it held or was changed, its seconds, its promise.
Exit status: 0 all promises are kept, 1 one couldn't be (the rest wasn't tried), 2 wrong usage, 78 a wrong inventory.
"""

# Before anything that opens a socket: pyinfra works by gevent.
from gevent import monkey

monkey.patch_all()

import argparse
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyinfra.api.config import Config
from pyinfra.api.connect import connect_all, disconnect_all
from pyinfra.api.deploy import add_deploy, deploy
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.inventory import Inventory as PyinfraInventory
from pyinfra.api.operations import run_ops
from pyinfra.api.state import BaseStateCallback, State, StateStage

from infra.inventory import ENVIRONMENTS, BadInventory, Inventory, in_order, of_host, read
from infra.promises import PROMISES
from infra.site import Site
from infra.wheels import Release

CONNECT_SECONDS = 20
FAILED, BAD_INVENTORY = 1, 78


@dataclass
class Step:
    """One operation on one host, and what became of it."""

    host: str
    promise: str
    step: str
    seconds: float = 0.0
    is_changed: bool = False
    is_failed: bool = False


class Told(BaseStateCallback):
    """Hears from pyinfra, and says a line a step."""

    def __init__(self, host: str, say: Callable[[str], None], traces: bool) -> None:
        self.steps: list[Step] = []
        self._host, self._say, self._traces = host, say, traces
        self._began = 0.0

    # pyinfra calls these on the object; that they are static in its own class is all the same.
    def operation_start(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step begins."""
        promise, _, step = next(iter(state.get_op_meta(op_hash).names)).partition(" | ")
        self.steps.append(Step(self._host, promise, step))
        self._began = time.monotonic()
        if self._traces:
            self._say(f"begins            {promise}: {step}")

    def operation_host_error(  # type: ignore[override]
        self, *_: Any, **__: Any
    ) -> None:
        """A step has failed: pyinfra has said why."""
        self.steps[-1].is_failed = True
        self._end("FAILED")

    def operation_end(self, state: State, op_hash: str) -> None:  # type: ignore[override]
        """A step has ended; only now is it known what it changed."""
        step = self.steps[-1]
        if step.is_failed:
            return
        metas = [state.get_op_data_for_host(host, op_hash).operation_meta for host in state.inventory]
        step.is_changed = any(meta.did_change() for meta in metas)
        self._end("changed" if step.is_changed else "held")

    def _end(self, word: str) -> None:
        step = self.steps[-1]
        step.seconds = round(time.monotonic() - self._began, 2)
        self._say(f"{word:<8} {step.seconds:6.2f} s  {step.promise}: {step.step}")


def converge(site: Site, without: Sequence[str], told: Told) -> None:
    """Keeps the promises on one host, in their order; stops at the first that can't be kept. Raises PyinfraError."""
    ssh_config = site.inventory.ssh_config
    data = {"ssh_strict_host_key_checking": "yes"} | ({"ssh_config_file": str(ssh_config)} if ssh_config else {})
    state = State(
        PyinfraInventory(([(site.name, data)], {})), Config(CONNECT_TIMEOUT=CONNECT_SECONDS), check_for_changes=False
    )
    state.add_callback_handler(told)
    connect_all(state)
    send_at_once(state)
    try:
        for name, keep in PROMISES.items():
            if name not in without:
                # The steps are named after it.
                add_deploy(state, deploy(name)(keep), site)
        state.set_stage(StateStage.Execute)
        run_ops(state)
    finally:
        disconnect_all(state)


def send_at_once(state: State) -> None:
    """Without Nagle's algorithm: paramiko sends a question in several pieces, each held back 40 ms for the last one."""
    for host in state.inventory:
        client = getattr(host.connector, "client", None)
        link = client.get_transport().sock if client else None
        # A jump host's is no socket.
        if link is not None and hasattr(link, "setsockopt"):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.converge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--env", required=True, choices=ENVIRONMENTS, help="whose hosts: an inventory of infra/inventories"
    )
    parser.add_argument("--without", action="append", default=[], choices=PROMISES, help="leave a promise out")
    parser.add_argument("--host", help="this host of the inventory alone")
    parser.add_argument("--release", required=True, help="the release that is to run")
    parser.add_argument("--archive", type=Path, help="its wheels; without them it has to be on the hosts already")
    parser.add_argument("--json", type=Path, help="write the steps to this file")
    parser.add_argument("--trace", action="store_true", help="also a line when a step begins")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Converges every host of the inventory, one after the other."""
    args = arguments().parse_args(argv)
    quiet_pyinfra()
    try:
        inventory = of_host(read(args.env, os.environ), args.host)
    except BadInventory as bad:
        print(bad, file=sys.stderr)
        return BAD_INVENTORY
    return converge_all(inventory, Release(args.release, args.archive), args)


def converge_all(inventory: Inventory, release: Release, args: argparse.Namespace) -> int:
    """The exit status."""
    steps: list[Step] = []
    try:
        for host in in_order(inventory.hosts):
            say(f"{host.name}: {', '.join(host.roles)}; release {release.name}")
            told = Told(host.name, say, args.trace)
            try:
                converge(Site(inventory, host.name, host.roles, release.name, release.archive), args.without, told)
            finally:
                steps += told.steps
    except PyinfraError as error:
        failed = next((f"{step.promise}: {step.step}" for step in steps if step.is_failed), None)
        say(f"{failed or error} could not be done; why is said above. The steps after it were not tried.")
        return FAILED
    finally:
        if args.json:
            args.json.write_text(json.dumps([asdict(step) for step in steps]))
    changed = sum(step.is_changed for step in steps)
    say(f"{len(steps)} steps, {changed} changed, {sum(step.seconds for step in steps):.1f} s")
    return 0


def quiet_pyinfra() -> None:
    """What it says of its own course is said here already; what goes wrong it says itself."""
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("pyinfra")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.WARNING)
    logger.propagate = False


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
