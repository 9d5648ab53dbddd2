"""Debian's packages: Python for the venv, cron, and what the wheels are linked with."""

from infra.operations import hold
from infra.site import Site

PACKAGES = ("cron", "logrotate", "python3", "python3-venv", "libmariadb3", "tzdata", "ca-certificates", "util-linux")


def keep(site: Site) -> None:
    """All of them, whatever else is installed."""
    hold(installed(PACKAGES), install(PACKAGES), name="Debian's packages")


def installed(packages: tuple[str, ...]) -> str:
    """The question whether they are installed, and none is left half-way."""
    names = " ".join(packages)
    count = f"dpkg-query -W -f='${{db:Status-Abbrev}}\\n' {names} | grep -c '^ii'"
    return f'[ "$({count})" = {len(packages)} ] && [ -z "$(dpkg --audit)" ]'


def install(packages: tuple[str, ...]) -> str:
    """The repair. What a cut-off run left half-way is finished first; old lists are renewed when they must be.

    Nothing is removed for it: what a host has that conflicts with ours is for a person to look at.
    """
    names = " ".join(packages)
    apt = f"apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-remove --no-install-recommends {names}"
    return (
        "export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8\n"
        'if [ -n "$(dpkg --audit)" ]; then dpkg --force-confdef --force-confold --configure -a; fi\n'
        f"{apt} || {{ apt-get -q update; {apt}; }}"
    )
