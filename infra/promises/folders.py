"""The folders, with owner and mode: who may write what, and who may read the reports."""

from infra.operations import directory
from infra.site import Site
from infra.words import HOMES, RELEASES, SETTINGS, USER

LOGS = "/var/log"


def keep(site: Site) -> None:
    """What root alone writes, then each user's own."""
    for path, owner, mode in wanted(site):
        directory(path, owner, mode, name=path)


def wanted(site: Site) -> list[tuple[str, str, str]]:
    """Path, owner and mode. Who fetches a client's reports goes through to that client's folder, and sees no other."""
    found = [(SETTINGS, "root", "755"), ("/srv/playlog", "root", "755"), (RELEASES, "root", "755")]
    for user in site.users:
        found += [(HOMES[user], user, "751"), (f"{LOGS}/{user}", user, "750")]
    if "reports" in site.roles:
        found.append((f"{HOMES[USER]}/reports", USER, "751"))
    return found
