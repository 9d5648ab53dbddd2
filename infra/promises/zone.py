"""The host's zone is UTC: cron's days and hours are ours, and no hour is skipped or comes twice (G19)."""

from infra.operations import hold
from infra.site import Site

ZONE = "Etc/UTC"
FILE = f"/usr/share/zoneinfo/{ZONE}"


def keep(site: Site) -> None:
    """The zone, and cron in it: it reads the zone when it starts."""
    hold(
        f'[ "$(readlink /etc/localtime)" = {FILE} ] && [ "$(cat /etc/timezone)" = {ZONE} ]',
        f"ln -sfn {FILE} /etc/localtime.new; mv -T /etc/localtime.new /etc/localtime\n"
        f"echo {ZONE} >/etc/timezone.new; mv /etc/timezone.new /etc/timezone",
        name="the host's zone",
    )
    started = 'date -d "$(systemctl show -p ActiveEnterTimestamp --value cron)" +%s'
    hold(
        f'[ "$({started})" -gt "$(stat -c %Z /etc/localtime)" ]',
        # Whole seconds: cron must have started in a later one than that of the change.
        "sleep 1.1; systemctl restart cron",
        name="cron in that zone",
    )
