"""Runs a single command on a host of the inventory, by ssh."""

import subprocess

from infra.inventory import Inventory
from infra.words import CURRENT, PROVEN, RELEASES, USER

#: ssh's own, of its connection: no command of ours ends with it.
NO_CONNECTION = 255
#: A host that is gone is noticed; a report may take as long as it takes.
ALIVE = ("-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4")


class Unreachable(Exception):
    """A host can't be reached; the message names it, with what ssh said."""


def on_host(inventory: Inventory, host: str, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in shell as root; its exit status and output. Raises Unreachable."""
    config = ["-F", str(inventory.ssh_config)] if inventory.ssh_config else []
    done = subprocess.run(
        ["ssh", *config, *ALIVE, "-o", "BatchMode=yes", host, script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == NO_CONNECTION:
        raise Unreachable(f"{host} can't be reached by ssh: {done.stderr.strip()}")
    return done


def former_release(inventory: Inventory, host: str) -> str | None:
    """The release to go back to: the one that was proved last, else the one that runs; None before the first.

    What runs may have been left by a deploy that was killed before its proof.
    """
    done = on_host(inventory, host, f"readlink {PROVEN} || readlink {CURRENT}")
    return done.stdout.strip().rpartition("/")[2] or None


def note_proven(inventory: Inventory, host: str, release: str) -> None:
    """Notes on the host that this release was proved there. Raises Unreachable."""
    on_host(inventory, host, f"ln -sfn {RELEASES}/{release} {PROVEN}.new && mv -T {PROVEN}.new {PROVEN}")


def first_run(inventory: Inventory, host: str) -> tuple[int, str]:
    """Makes the reports that are missing, as cron would a little later; the exit status, and the end of the log.

    The ledger is balanced too: how its last run ended is a part of the host's health, and was another release's word.
    """
    as_user = f"runuser -u {USER} -- playlog-job"
    jobs = f"{as_user} report --until-final; s=$?; {as_user} ledger"
    done = on_host(inventory, host, f"{jobs}; tail -n 5 /var/log/{USER}/report.log; exit $s")
    return done.returncode, done.stdout + done.stderr
