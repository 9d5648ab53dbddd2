"""Installs the Debian packages that are missing, by one apt-get line, and touches nothing else."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.programs import find
from devstack.setup_needs import NEEDS, Need, missing_packages

SETTINGS = ("DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_SUSPEND=1")
WAIT = ("-o", "DPkg::Lock::Timeout=300")
SYSTEMD = Path("/run/systemd/system")
# sudo drops them, and apt may need them to reach its mirror.
PROXY_NAME = re.compile(r"(https?|ftp|no)_proxy", re.IGNORECASE)


class SetupStopped(Exception):
    """Set-up can't go on; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """How a program ended, and what it said."""

    status: int
    output: str = ""


Runner = Callable[[list[str], bool], Run]


def run_program(argv: list[str], quiet: bool) -> Run:
    """Runs a program: quietly for a question, else with its output on the terminal."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=quiet, text=True, check=False)
    return Run(done.returncode, (done.stdout or "") + (done.stderr or ""))


def apt_line(packages: list[str]) -> list[str]:
    return ["env", *SETTINGS, "apt-get", *WAIT, "install", "-y", "--no-remove", "--no-install-recommends", *packages]


def removals(simulation: str) -> list[str]:
    """Returns the packages that apt would take away, from what `apt-get -s install` says."""
    return re.findall(r"^Remv (\S+)", simulation, re.MULTILINE)


def privilege(is_root: bool, environ: Mapping[str, str], run: Runner) -> list[str] | None:
    """Returns what goes before a line that only root may run; None where there is no such way."""
    if is_root:
        return []
    if find("sudo") and run(["sudo", "-n", "true"], True).status == 0:
        return [
            "sudo",
            "-n",
            "env",
            *(f"{name}={value}" for name, value in environ.items() if PROXY_NAME.fullmatch(name)),
        ]
    return None


def install(packages: list[str], before: list[str], run: Runner) -> None:
    """Looks at what apt would do, and lets it do so when nothing is removed."""
    update = [*before, "env", *SETTINGS, "apt-get", *WAIT, "update"]
    question = ["apt-get", "-s", "install", "--no-install-recommends", *packages]
    simulated = run(question, True)
    if simulated.status:
        # A bare machine, or one with old lists, doesn't know the packages yet.
        run(update, False)
        simulated = run(question, True)
    gone = removals(simulated.output)
    if gone:
        raise SetupStopped(
            f"apt would remove {', '.join(gone)} to install {', '.join(packages)}. Nothing was changed: "
            "remove them yourself if you can do without, then run this again."
        )
    if simulated.status:
        raise SetupStopped(f"apt can't install {', '.join(packages)}:\n{simulated.output.strip()}")
    if run([*before, *apt_line(packages)], False).status == 0:
        return
    # Lists of last month name files that the mirror no longer has.
    run(update, False)
    if run([*before, *apt_line(packages)], False).status:
        raise SetupStopped("apt-get failed; its messages are above. Mend that and run this again.")


def has_candidate(package: str, run: Runner = run_program) -> bool:
    """Whether apt knows a version of the package that it could install; to be asked after its lists were brought."""
    found = re.search(r"Candidate: (\S+)", run(["apt-cache", "policy", package], True).output)
    return found is not None and found[1] != "(none)"


def quiet_new_nginx(before: list[str], run: Runner) -> None:
    """Stops the nginx service that the package has just started: the stack has its own."""
    if SYSTEMD.exists():
        run([*before, "systemctl", "disable", "--now", "nginx"], False)
    elif find("service"):
        run([*before, "service", "nginx", "stop"], True)


def set_up_system(say: Callable[[str], None], run: Runner = run_program, needs: Sequence[Need] = NEEDS) -> None:
    """Installs what is missing; raises SetupStopped with what to do where that isn't possible."""
    packages = missing_packages(needs)
    if not packages:
        return
    line = shlex.join(apt_line(packages))
    if find("apt-get") is None:
        raise SetupStopped(
            f"this needs what the Debian packages {', '.join(packages)} bring: install it and run again."
        )
    before = privilege(os.geteuid() == 0, os.environ, run)
    if before is None:
        raise SetupStopped(
            f"some packages are missing and sudo asks for a password here. As root, run:\n  {line}\nthen again."
        )
    say(f"installing {', '.join(packages)}")
    had_nginx = find("nginx") is not None
    install(packages, before, run)
    if not had_nginx and "nginx" in packages:
        quiet_new_nginx(before, run)
    still = missing_packages(needs)
    if still:
        raise SetupStopped(f"installed, but not found: {', '.join(still)}. Install them by hand and run again.")
