"""Runs reports under the lock, tells a person what came of them, and calls the hook: all that a door has to know."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import TextIO

import MySQLdb

from common.clock import Clock
from common.locks import LockTaken
from common.metrics import Metrics
from reports.books import ONE_DAY
from reports.brokers import Topics
from reports.config import ReportConfig
from reports.desk import Desk, open_desk
from reports.editions import NoRevision, Wish
from reports.handover import MARK, Changed, final_folder
from reports.hook import Hook, run_hooks
from reports.run import Done, Reporter, RowsGone, Unbalanced
from reports.snapshot import Snapshot, open_snapshot
from reports.table import lines_of
from reports.until_final import due_days, make_all, watch_yesterday

FINAL, FAILED, NOT_COMPLETE_YET = 0, 1, 75


class Office:
    """Makes reports with the parts that a configuration names. Outcomes go to `out`, failures to `err`."""

    def __init__(
        self, config: ReportConfig, topics: Topics, clock: Clock, metrics: Metrics, streams: tuple[TextIO, TextIO]
    ) -> None:
        self._config, self._topics, self._clock, self._metrics = config, topics, clock, metrics
        self._out, self._err = streams
        self._hook = Hook(config.hook, config.hook_seconds) if config.hook else None

    def report(self, day: date, *, wants_provisional: bool = False, wish: Wish | None = None) -> int:
        """Makes one day's report and returns the exit status."""

        def make(desk: Desk) -> int:
            reporter = self._reporter(desk)
            try:
                done = reporter.make(day, wants_provisional=wants_provisional, wish=wish)
            except RowsGone as gone:
                return self._tell_gone(desk, day, gone)
            except NoRevision as reason:
                say(self._out, [f"{day}: no revision was made: {reason}."])
                return FINAL if desk.handed_over(day) else NOT_COMPLETE_YET
            except (Unbalanced, Changed, OSError) as error:
                return self._tell_failure(day, error)
            return self._tell(done)

        return self._at_the_desk(make)

    def until_final(self) -> int:
        """Makes what is due up to yesterday; the worst of the days' exit statuses."""

        def make(desk: Desk) -> int:
            first, now, root = desk.first_day(), self._clock.now(), self._config.report_dir
            reporter = self._reporter(desk)
            outcome = make_all(due_days(first, now, desk.final_days(), root), reporter.make)
            statuses = [self._tell(done) for done in (*outcome.made, *outcome.waiting)]
            statuses += [self._tell_failure(day, error) for day, error in outcome.failed.items()]
            watch_yesterday(first, now, now.date() - ONE_DAY in desk.final_days(), self._metrics)
            return FAILED if FAILED in statuses else max(statuses, default=FINAL)

        return self._at_the_desk(make)

    def _at_the_desk(self, work: Callable[[Desk], int]) -> int:
        config = self._config
        try:
            with open_desk(config.datacentre.database, config.datacentre.password) as desk:
                status = work(desk)
                run_hooks(desk, self._hook, config.report_dir, self._metrics)
                return status
        except LockTaken as taken:
            say(self._err, [f"NOT NOW: {taken}"])
            return NOT_COMPLETE_YET
        except (MySQLdb.Error, OSError) as error:
            say(self._err, [f"FAILED: {reason_of(error)}. Files of earlier runs were left as they are; run it again."])
            return FAILED

    def _reporter(self, desk: Desk) -> Reporter:
        config = self._config

        def snapshot() -> AbstractContextManager[Snapshot]:
            return open_snapshot(config.datacentre.database, config.datacentre.password, Snapshot)

        hook_state = "waiting" if self._hook else "none"
        kafka = self._topics, config.kafka.topic
        return Reporter(desk, snapshot, kafka, config.report_dir, self._clock, hook_state)

    def _tell(self, done: Done) -> int:
        say(self._out, lines_of(done.findings, str(done.folder) if done.folder else None))
        self._metrics.count("report.made", 1, (f"state:{done.findings.state}",))
        return FINAL if done.findings.is_final else NOT_COMPLETE_YET

    def _tell_failure(self, day: date, error: Exception) -> int:
        self._metrics.count("report.made", 1, ("state:failed",))
        if isinstance(error, Unbalanced):
            say(self._out, lines_of(error.findings, None))
            say(self._err, [f"FAILED: {day} does not balance. Nothing was written; find out what was lost or doubled."])
        elif isinstance(error, Changed):
            say(self._err, [f"FAILED: the report of {day} was handed over as final and would differ now, in {error}."])
            say(self._err, ["It was left as it is. Find out who changed the data or the files; see --revise."])
        else:
            left = "Files of earlier runs were left as they are; run it again."
            say(self._err, [f"FAILED: the report of {day}: {reason_of(error)}. {left}"])
        return FAILED

    def _tell_gone(self, desk: Desk, day: date, gone: RowsGone) -> int:
        revision = desk.handed_over(day)[-1].revision
        folder = final_folder(self._config.report_dir, day, revision)
        is_there = (folder / MARK).exists()
        where = f"files: {folder}" if is_there else f"and {folder} is not there: get it from a backup"
        say(self._out, [f"{day}: final, revision {revision}; {gone}", where])
        return FINAL if is_there else FAILED


def reason_of(error: Exception) -> str:
    """Why it failed, in one sentence. The database's own words may quote a row: only its number is shown."""
    if isinstance(error, MySQLdb.Error):
        return f"the database failed with error {error.args[0] if error.args else 'unknown'}"
    return str(error)


def say(stream: TextIO, lines: Iterable[str]) -> None:
    """Writes lines for a person."""
    stream.writelines(f"{line}\n" for line in lines)
