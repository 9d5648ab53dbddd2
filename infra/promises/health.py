"""A health check of the host itself: jobs that end well and in time, processes that are ready, room, and the zone."""

import json

from infra.operations import hold, place
from infra.promises.zone import ZONE
from infra.site import Site, file_text
from infra.words import HOMES

PROGRAM = "/usr/local/bin/playlog-health"
WANTED = "/etc/playlog/health.json"
UNITS = ("playlog-health.service", "playlog-health.timer")
LEAST_FREE_BYTES = 1_000_000_000


def keep(site: Site) -> None:
    """Every five minutes; `systemctl status playlog-health` says what it found."""
    place(PROGRAM, file_text("playlog-health"), mode="755", name=PROGRAM)
    place(WANTED, wanted(site), name=WANTED)
    for unit in UNITS:
        place(f"/etc/systemd/system/{unit}", file_text(unit), name=unit)
    timer = UNITS[1]
    hold(
        f"systemctl is-enabled -q {timer} && systemctl is-active -q {timer}"
        f" && [ $(systemctl show -p NeedDaemonReload --value {timer}) = no ]",
        f"systemctl daemon-reload; systemctl enable {timer}; systemctl restart {timer}",
        name="its timer",
    )


def wanted(site: Site) -> str:
    """What the program is to look at."""
    document = {
        "zone": ZONE,
        "jobs": {word.name: {"home": HOMES[word.user], "oldest_seconds": word.oldest_seconds} for word in site.jobs},
        "ready": {word.unit: site.probe(word) for word in site.units},
        "least_free_bytes": {HOMES[user]: LEAST_FREE_BYTES for user in site.users},
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
