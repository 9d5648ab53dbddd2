"""The data centre's tables are those of the release, before anything of it runs: once for each release."""

from infra.operations import hold
from infra.site import Site
from infra.words import BY_NAME, HOMES, MIGRATE_USER


def keep(site: Site) -> None:
    """By the user who may change tables, who is on the reports' hosts alone. What is old stays: that is cron's work."""
    if "reports" not in site.roles:
        return
    mark = f"{HOMES[MIGRATE_USER]}/migrated-{site.release}"
    word = BY_NAME["migrate"]
    migrate = f". {word.settings}; exec {site.release_folder}/bin/playlog migrate datacentre --no-retention"
    hold(
        f"[ -e {mark} ]",
        f"runuser -u {MIGRATE_USER} -- env -i PATH=/usr/bin:/bin bash -c 'set -a; {migrate}'\n"
        f"runuser -u {MIGRATE_USER} -- touch {mark}",
        name=f"of {site.release}",
    )
