"""The test host of this clone, `developer` of the inventories: up from when it is asked for until it is thrown away."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.ports import Ports
from infra.promises import ALL_PACKAGES
from infra.testhost.base import CannotMake, make_base
from infra.testhost.host import TestHost
from infra.testhost.tools import why_not
from infra.wheels import build

ROOT = Path(__file__).resolve().parents[2]
#: Written by `make run` while its stack is ready.
STACK = ROOT / ".local"


def host_here() -> TestHost:
    """Its name is the clone's: two clones have two."""
    return TestHost(f"playlog-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}")


def bring_up(host: TestHost, say: Callable[[str], None]) -> None:
    """Boots it if it isn't up. Raises CannotMake."""
    if host.is_up:
        return
    if reason := why_not():
        raise CannotMake(reason)
    base = make_base(ALL_PACKAGES, say)
    ports = Ports()
    host.up([base], ports.take())
    (host.home / "ports").write_text(json.dumps([ports.take(), ports.take()]))
    say(f"{host.name} is up; look at it by: ssh -F {host.ssh_config} {host.name}")


def prepare(say: Callable[[str], None]) -> None:
    """The base, and the wheels; where no test host can be had it says why, and no more. Raises CannotMake, NoWheels."""
    if reason := why_not():
        say(reason)
        return
    make_base(ALL_PACKAGES, say)
    build(say)


def stack_settings(environ: Mapping[str, str]) -> str:
    """The folder of the settings of the stack that the host works on. Raises CannotMake when none runs."""
    settings = environ.get("PLAYLOG_SETTINGS_DIR") or (str(STACK / "settings") if (STACK / "env").exists() else "")
    if not Path(settings, "report.env").is_file():
        raise CannotMake(
            "start `make run` in another terminal first: the test host's jobs work on its Kafka and MariaDB"
        )
    return settings


def environ_of(host: TestHost, environ: Mapping[str, str]) -> dict[str, str]:
    """What inventories/developer.toml reads. Raises CannotMake when no stack is there to be worked on."""
    settings = stack_settings(environ)
    consumer, producer = json.loads((host.home / "ports").read_text())
    return {
        **environ,
        "PLAYLOG_SETTINGS_DIR": settings,
        "TESTHOST": host.name,
        "TESTHOST_SSH_CONFIG": str(host.ssh_config),
        "TESTHOST_CONSUMER_PORT": str(consumer),
        "TESTHOST_PRODUCER_PORT": str(producer),
    }
