"""The clock is kept right by NTP: a report's day is cut by it, and so is what is late."""

from infra.operations import hold
from infra.promises.packages import install, installed
from infra.site import Site

PACKAGES = ("systemd-timesyncd",)
#: Of others, which images come with; Debian has one such service at a time.
AS_GOOD = ("chrony", "ntpsec")
ANOTHER = " || ".join(f"systemctl is-enabled -q {service}" for service in AS_GOOD)


def keep(site: Site) -> None:
    """Enabled; in a container, whose clock is its host's, it isn't started by itself."""
    hold(f"{ANOTHER} || {{ {installed(PACKAGES)}; }}", install(PACKAGES), name="the service's package")
    hold(
        f"{ANOTHER} || systemctl is-enabled -q systemd-timesyncd",
        "systemctl enable --now systemd-timesyncd",
        name="the service at each boot",
    )
