"""The clock is kept right by NTP: a report's day is cut by it, and so is what is late."""

from infra.operations import hold
from infra.promises.packages import install, installed
from infra.site import Site

PACKAGES = ("systemd-timesyncd",)


def keep(site: Site) -> None:
    """Enabled; in a container, whose clock is its host's, it isn't started by itself."""
    hold(installed(PACKAGES), install(PACKAGES), name="the service's package")
    hold(
        "systemctl is-enabled -q systemd-timesyncd",
        "systemctl enable --now systemd-timesyncd",
        name="the service at each boot",
    )
