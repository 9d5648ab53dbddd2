"""The jobs' logs are rotated: a host that nobody looks at for a year has room left."""

from infra.operations import hold, place
from infra.promises.folders import LOGS
from infra.site import Site, file_text

FILE = "/etc/logrotate.d/playlog"


def keep(site: Site) -> None:
    """A stanza for each user, as whom logrotate works in the folder that the user may write."""
    text = "".join(file_text("logrotate").format(logs=f"{LOGS}/{user}", user=user) for user in site.users)
    # logrotate says what is wrong, and ends with 0 all the same.
    said = 'said=$(logrotate --debug "$NEW" 2>&1 | grep -i "^error" || true)'
    check = f'{said}; [ -z "$said" ] || {{ echo "$said" >&2; exit 1; }}'
    place(FILE, text, check=check, name=FILE)
    hold(
        "systemctl is-enabled -q logrotate.timer && systemctl is-active -q logrotate.timer",
        "systemctl enable --now logrotate.timer",
        name="its timer",
    )
