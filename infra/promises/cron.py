"""When the jobs run: the crontab of the role, and the program by which each of them starts."""

from infra.operations import hold, place
from infra.site import Site, file_text

CRONTAB = "/etc/cron.d/playlog"
JOB = "/usr/local/bin/playlog-job"


def keep(site: Site) -> None:
    """The program first: cron looks at its tables each minute."""
    if not site.jobs:
        # It had the role once.
        hold(f"[ ! -e {CRONTAB} ]", f"rm -f {CRONTAB}", name="no jobs")
        return
    place(JOB, file_text("playlog-job"), mode="755", name=JOB)
    place(CRONTAB, file_text("crontab"), name=CRONTAB)
    hold("systemctl is-enabled -q cron && systemctl is-active -q cron", "systemctl enable --now cron", name="cron runs")
