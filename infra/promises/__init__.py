"""The promises, in the order in which they are kept: each is a file with `keep`, and can be left out by its name."""

from collections.abc import Callable

from infra.promises import (
    clock,
    cron,
    current,
    folders,
    health,
    packages,
    release,
    rotation,
    settings,
    tables,
    units,
    users,
    zone,
)
from infra.promises.packages import PACKAGES
from infra.site import Site

PROMISES: dict[str, Callable[[Site], None]] = {
    "packages": packages.keep,
    "zone": zone.keep,
    "clock": clock.keep,
    "users": users.keep,
    "folders": folders.keep,
    "release": release.keep,
    "settings": settings.keep,
    "tables": tables.keep,
    "current": current.keep,
    "cron": cron.keep,
    "rotation": rotation.keep,
    "health": health.keep,
    "units": units.keep,
}
#: What any promise may install.
ALL_PACKAGES = (*PACKAGES, *clock.PACKAGES)
