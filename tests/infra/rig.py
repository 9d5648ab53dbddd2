"""A data centre for the tests: Kafka, MariaDB and the app as a stack, and test hosts that work on them.

Hosts are laid over one another: what one has written, once it is off, lies below the next. So a promise can be removed
from a host that has the packages and the wheels already, and a job can be watched on one that is all done.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from devstack.env_file import write_env
from devstack.kafka_settings import session_settings
from devstack.parts import Part
from devstack.ports import Ports
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from infra.inventory import Inventory, read
from infra.loop import Converged, Loop, Verified
from infra.promises import ALL_PACKAGES, PROMISES
from infra.replace import Replaced, Replacement
from infra.testhost.base import make_base
from infra.testhost.host import RUN, TestHost
from infra.wheels import Release, build
from infra.words import WORDS
from tests.infra.fingerprint import fingerprint
from tests.infra.yesterday import make_yesterday
from tests.integration.shared_stack import BUILD, remove_left_over

HOME = BUILD / f"stack-infra-{os.getpid()}"
#: What takes a while, in the order in which one stands on the other: hosts that have it already try the other promises.
STAGES = (("packages",), ("clock", "users", "folders"), ("release",))
#: They hold a port, which a host beside another one can't have as well.
UNITS = tuple(f"etc/systemd/system/multi-user.target.wants/{word.unit}" for word in WORDS if word.unit)
PARTS = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES, Part.CLIENT, Part.APP, Part.NGINX})


@dataclass
class First:
    """The first host's story, from bare to proved, which the tests of the loop look at."""

    bare: Verified
    replaced: Replaced
    converged: Converged
    again: Converged
    before: dict[str, str]
    after: dict[str, str]
    layer: Path


class Rig:
    """One for the whole suite."""

    def __init__(self) -> None:
        remove_left_over("stack-infra-")
        remove_left_over_hosts()
        self.base = make_base(ALL_PACKAGES)
        self.release = build()
        self._ports = Ports()
        self.stack = Stack(HOME, PARTS, kafka_settings=session_settings(3_000, 300), is_test=True)
        self.hosts: list[TestHost] = []
        self._status_ports = (self._ports.take(), self._ports.take())
        self._naming = threading.Lock()

    def start(self) -> None:
        """Starts the stack, with a yesterday that has no report yet."""
        self.stack.start()
        refuse_unmarked(self.stack)
        write_env(self.stack)
        self.day: date = make_yesterday(self.stack)

    def stop(self) -> None:
        """Throws everything away."""
        for host in self.hosts:
            host.down()
        self.stack.stop()
        shutil.rmtree(HOME / "data", ignore_errors=True)

    def environ(self, host: TestHost) -> dict[str, str]:
        """What the inventory of `developer` reads for this host."""
        consumer, producer = self._status_ports
        return os.environ | {
            "PLAYLOG_SETTINGS_DIR": str(self.stack.home / "settings"),
            "TESTHOST": host.name,
            "TESTHOST_SSH_CONFIG": str(host.ssh_config),
            "TESTHOST_CONSUMER_PORT": str(consumer),
            "TESTHOST_PRODUCER_PORT": str(producer),
        }

    def inventory(self, host: TestHost) -> Inventory:
        return read("developer", self.environ(host))

    def loop(self, host: TestHost) -> Loop:
        return Loop("developer", self.environ(host), is_quiet=True)

    def boot(self, label: str, *layers: Path, has_units: bool = True) -> TestHost:
        """A host over the base and these layers; without our units it may be up beside another one."""
        with self._naming:
            host = TestHost(f"t{os.getpid()}-{label}")
            self.hosts.append(host)
            port = self._ports.take()
        host.up([self.base, *layers], port, without=() if has_units else UNITS)
        return host

    @contextmanager
    def host(self, label: str, *layers: Path, has_units: bool = True) -> Iterator[TestHost]:
        """The same for a while."""
        host = self.boot(label, *layers, has_units=has_units)
        try:
            yield host
        finally:
            host.down()

    def layers_before(self, promise: str) -> list[Path]:
        """What a host is laid over on which a promise isn't kept, but what takes a while before it is."""
        found: list[Path] = []
        for stage in STAGES:
            if promise in stage:
                break
            found.append(self._stage(stage))
        return found

    @cache  # noqa: B019 - there is one rig, and it lasts as long as the process
    def _stage(self, stage: tuple[str, ...]) -> Path:
        """The layer with which the promises of a stage are kept, over those of the stages before it."""
        number = STAGES.index(stage)
        kept = {name for each in STAGES[: number + 1] for name in each}
        host = self.boot(f"stage{number}", *(self._stage(each) for each in STAGES[:number]))
        others = [part for name in PROMISES if name not in kept for part in ("--without", name)]
        done = self.loop(host).converge(self.release, *others)
        if done.status:
            raise AssertionError(f"{', '.join(stage)} could not be converged:\n{done.said}")
        host.off()
        return host.written

    @cache  # noqa: B019
    def first(self) -> First:
        """Brings the first host from bare to proved, once, and powers it off: its network is the other hosts' too."""
        host = self.boot("first")
        loop = self.loop(host)
        bare = loop.verify(self.release)
        kept: list[Converged] = []

        class Kept(Loop):
            def converge(self, release: Release, *more: str) -> Converged:
                kept.append(super().converge(release, *more))
                return kept[-1]

        own = Kept(loop.env, loop.environ, is_quiet=True)
        replaced = Replacement(lambda: self.inventory(host), lambda: own, self.release).run()
        before = fingerprint(host)
        again = loop.converge(self.release)
        after = fingerprint(host)
        host.off()
        return First(bare, replaced, kept[0], again, before, after, host.written)

    def green(self) -> Path:
        """The layer of the first host, all of whose promises are kept."""
        return self.first().layer


def remove_left_over_hosts() -> None:
    """Powers off the hosts of earlier runs that were killed: each name begins with the number of its process."""
    for home in RUN.glob("t*-*"):
        number = home.name[1:].partition("-")[0]
        if number.isdigit() and not Path("/proc", number).exists():
            TestHost(home.name).down()
