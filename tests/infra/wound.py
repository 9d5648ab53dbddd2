"""Hosts whose cron believes that it is another time, so that a job is seen to fire without waiting for its hour."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from infra.testhost.host import TestHost
from tests.infra.rig import Rig

FIRES_SECONDS = 45
#: Cron needs a moment to start; what it is asked for comes this long after.
BEFORE_SECONDS = 4
#: A job that doesn't come is waited for more than twice as long as one that comes needs.
STAYS_AWAY_SECONDS = BEFORE_SECONDS * 2.5
DROP_IN = """\
[Service]
Environment=LD_PRELOAD={library} FAKETIME={offset:+d}s DONT_FAKE_MONOTONIC=1
"""
LONDON = "/usr/share/zoneinfo/Europe/London"
REPORT_TIME = datetime(2027, 3, 10, 0, 15, tzinfo=UTC)
#: The job of 01:40 UTC, the night before Europe's clocks go forward at 01:00 UTC, and the night after.
NIGHT_BEFORE = datetime(2027, 3, 27, 1, 40, tzinfo=UTC)
NIGHT_AFTER = datetime(2027, 3, 29, 1, 40, tzinfo=UTC)


@dataclass(frozen=True)
class Reported:
    """What the report's job left on its host."""

    has_fired: bool
    log: str
    manifest: str
    owners: list[str]


def job_fires(host: TestHost, word: str, user: str, moment: datetime, seconds: float = FIRES_SECONDS) -> bool:
    """Restarts the host's cron shortly before `moment`, as it takes it, and says whether the job ran within `seconds`.

    Cron alone has the faked clock: what it starts sees the real one.
    """
    log = host.root / "var/log" / user / f"{word}.log"
    had = log.read_text() if log.exists() else ""
    (library,) = host.root.glob("usr/lib/*/faketime/libfaketime.so.1")
    folder = host.inside("mkdir", "-p", "/run/systemd/system/cron.service.d")
    assert folder.returncode == 0, folder.stderr
    offset = int(moment.timestamp() - BEFORE_SECONDS - time.time())
    text = DROP_IN.format(library=f"/{library.relative_to(host.root)}", offset=offset)
    script = f"cat >/run/systemd/system/cron.service.d/clock.conf <<'END'\n{text}END\nsystemctl daemon-reload\n"
    done = host.inside("sh", "-ec", f"{script}systemctl restart cron")
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if log.exists() and " ended with status " in log.read_text()[len(had) :]:
            return True
        time.sleep(0.2)
    return False


def report_of(rig: Rig) -> Reported:
    """A host that has lost its reports, at a quarter past midnight."""
    with rig.host("report", rig.green(), has_units=False) as host:
        # As on the host that stands in for a lost one: the database knows the report, its files are gone.
        host.inside("sh", "-c", "rm -rf /var/lib/playlog/reports/* /var/log/playlog/report.log")
        has_fired = job_fires(host, "report", "playlog", REPORT_TIME)
        made, log = f"/var/lib/playlog/reports/{rig.day}/manifest.json", "/var/log/playlog/report.log"
        owners = host.inside("stat", "-c", "%U", made, log).stdout.split()
        return Reported(has_fired, host.inside("cat", log).stdout, host.inside("cat", made).stdout, owners)


def nights(rig: Rig, name: str, zone: str | None, moments: Sequence[datetime], seconds: float) -> list[bool]:
    """Whether the job of 01:40 fires at each of these moments of UTC; `zone`: what a host is set to by mistake."""
    with rig.host(name, rig.green(), has_units=False) as host:
        if zone:
            host.inside("ln", "-sfn", zone, "/etc/localtime")
        return [job_fires(host, "migrate", "playlog-migrate", moment, seconds) for moment in moments]


@dataclass(frozen=True)
class Meanwhile:
    """What is waited for while other tests run: most of it is waiting for cron."""

    report: Future[Reported]
    utc: Future[list[bool]]
    london: Future[list[bool]]


@cache
def meanwhile(rig: Rig) -> Meanwhile:
    """Starts it, once."""
    rig.first()
    pool = ThreadPoolExecutor(3)
    after = (NIGHT_AFTER,)
    return Meanwhile(
        pool.submit(report_of, rig),
        pool.submit(nights, rig, "utc", None, after, FIRES_SECONDS),
        pool.submit(nights, rig, "london", LONDON, after, STAYS_AWAY_SECONDS),
    )
