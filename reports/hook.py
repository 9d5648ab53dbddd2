"""REPORT_HOOK: a program of the operator's own, run once a report is handed over, and again until it has succeeded."""

import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.metrics import Metrics
from reports.desk import Desk
from reports.handover import final_folder
from reports.manifest import NAME as MANIFEST

logger = logging.getLogger(__name__)

#: As a shell would say it: the program took too long, or a signal ended it.
TOO_LONG, BY_SIGNAL = 124, 128
NOT_STARTED = 127
ALERT_TRIES = 4
#: All that it inherits: no password and no secret of ours.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PLAYLOG_ENV")
TAIL = 500
#: The report lock is shown to be in use so often.
STEP_SECONDS = 10


@dataclass(frozen=True)
class Hook:
    """The program, called with the manifest's path, and how long it may take."""

    program: Path
    seconds: int

    def run(self, manifest: Path, beat: Callable[[], object]) -> int:
        """Calls it in the report's folder, without a shell; returns its exit status. `beat` is called meanwhile."""
        environ = {name: os.environ[name] for name in INHERITED if name in os.environ}
        with tempfile.TemporaryFile() as said:
            try:
                process = subprocess.Popen(
                    [self.program, manifest],
                    cwd=manifest.parent,
                    env=environ,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    # Whatever it starts ends with it.
                    start_new_session=True,
                )
            except OSError as error:
                logger.warning("REPORT_HOOK can't be started: %(reason)s", {"reason": error.strerror})
                return NOT_STARTED
            status = self._wait(process, beat)
            if status:
                said.seek(max(0, said.seek(0, os.SEEK_END) - TAIL))
                facts = {"said": said.read().decode("utf-8", "replace").strip()}
                logger.warning("REPORT_HOOK said: %(said)s", facts, extra=facts)
            return status

    def _wait(self, process: "subprocess.Popen[bytes]", beat: Callable[[], object]) -> int:
        for left in range(self.seconds, 0, -STEP_SECONDS):
            try:
                status = process.wait(min(STEP_SECONDS, left))
            except subprocess.TimeoutExpired:
                beat()
            else:
                return status if status >= 0 else BY_SIGNAL - status
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return TOO_LONG


def run_hooks(desk: Desk, hook: Hook | None, root: Path, metrics: Metrics) -> None:
    """Calls the hook for every report that waits for it, the oldest first; never fails the report.

    A kill between the program's success and our note of it calls it once more: it has to bear that.
    """
    for day, revision, tries in desk.hooks_waiting():
        facts = {"day": day.isoformat(), "revision": revision, "tries": tries + 1}
        if hook is None:
            logger.warning("the report of %(day)s waits for REPORT_HOOK, which isn't set", facts, extra=facts)
            continue
        status = hook.run(final_folder(root, day, revision) / MANIFEST, desk.stay_alive)
        desk.hook_ran(day, revision, status)
        metrics.count("report.hook", 1, (f"outcome:{'done' if status == 0 else 'failed'}",))
        facts["status"] = status
        if status == 0:
            logger.info("REPORT_HOOK has taken the report of %(day)s", facts, extra=facts)
        elif tries + 1 >= ALERT_TRIES:
            logger.error(
                "ALERT: REPORT_HOOK failed %(tries)d times on the report of %(day)s, with status %(status)d",
                facts,
                extra=facts,
            )
        else:
            logger.warning(
                "REPORT_HOOK failed on the report of %(day)s with status %(status)d: the next run tries again",
                facts,
                extra=facts,
            )
