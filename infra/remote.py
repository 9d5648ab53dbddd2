"""Runs a single command on a host of the inventory, by ssh."""

import subprocess

from infra.inventory import Inventory
from infra.words import CURRENT, USER

SECONDS = 3_600


def on_host(inventory: Inventory, host: str, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in shell as root; its exit status and output."""
    config = ["-F", str(inventory.ssh_config)] if inventory.ssh_config else []
    return subprocess.run(
        ["ssh", *config, "-o", "BatchMode=yes", host, script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def present_release(inventory: Inventory, host: str) -> str | None:
    """The name of the release that the host runs; None before its first."""
    done = on_host(inventory, host, f"readlink {CURRENT}")
    return done.stdout.strip().rpartition("/")[2] or None


def first_run(inventory: Inventory, host: str) -> tuple[int, str]:
    """Makes the reports that are missing, as cron would a little later; the exit status, and the end of the log.

    The ledger is balanced too: how its last run ended is a part of the host's health, and was another release's word.
    """
    as_user = f"runuser -u {USER} -- playlog-job"
    jobs = f"{as_user} report --until-final; s=$?; {as_user} ledger"
    done = on_host(inventory, host, f"{jobs}; tail -n 5 /var/log/{USER}/report.log; exit $s")
    return done.returncode, done.stdout + done.stderr
