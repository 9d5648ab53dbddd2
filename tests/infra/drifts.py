"""What somebody may do to a host by hand, which test finds it, and which steps put it right."""

from dataclasses import dataclass

#: Stands for the release's name.
RELEASE = "RELEASE"


@dataclass(frozen=True)
class Drift:
    """`script` is run as root in the host. `found_by`: promises. `repaired_by`: steps, as `promise: step`."""

    script: str
    found_by: tuple[str, ...]
    repaired_by: tuple[str, ...]


DRIFTS = (
    Drift(
        "sed -i 's/^\\*.15/*\\/20/' /etc/cron.d/playlog",
        ("cron",),
        ("cron: /etc/cron.d/playlog",),
    ),
    Drift(
        f"echo '# by hand' >>$(ls -d /srv/playlog/releases/{RELEASE}/lib/python3.*/site-packages/reports/door.py)",
        ("release",),
        (f"release: {RELEASE}",),
    ),
    Drift("chmod 644 /etc/playlog/report.env", ("settings",), ("settings: /etc/playlog/report.env",)),
    Drift("chown root /var/log/playlog", ("folders",), ("folders: /var/log/playlog",)),
    Drift("usermod -s /bin/bash playlog-migrate", ("users",), ("users: the user playlog-migrate",)),
    Drift("rm /etc/logrotate.d/playlog", ("rotation",), ("rotation: /etc/logrotate.d/playlog",)),
    Drift(
        "systemctl disable -q --now playlog-health.timer",
        ("health",),
        ("health: its timer",),
    ),
    Drift("systemctl disable -q systemd-timesyncd", ("clock",), ("clock: the service at each boot",)),
    # Another's process under the unit's name: it runs, but not what the files say.
    Drift(
        "mkdir -p /run/systemd/system/playlog-consumer.service.d;"
        " printf '[Service]\\nEnvironment=PLAYLOG_APPLIED=by-hand\\n'"
        " >/run/systemd/system/playlog-consumer.service.d/x.conf;"
        " systemctl daemon-reload; systemctl restart playlog-consumer;"
        " rm -r /run/systemd/system/playlog-consumer.service.d; systemctl daemon-reload",
        ("units",),
        ("units: playlog-consumer.service runs",),
    ),
)
