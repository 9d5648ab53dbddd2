"""`playlog report --until-final`: every day up to yesterday that isn't final yet gets its turn, the oldest first."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import MySQLdb

from common.metrics import Metrics
from reports.books import ONE_DAY
from reports.delivery import is_delivered
from reports.handover import Changed, final_folder
from reports.proof import end_of
from reports.run import Done, RowsGone, Unbalanced

logger = logging.getLogger(__name__)

#: Of the last final days, so many are looked at again: what is missing of their files is made good.
LOOK_BACK_DAYS = 14
#: Yesterday's report is expected this long after its end.
EXPECTED_AFTER = timedelta(hours=6)


@dataclass
class Outcome:
    """What became of each day that had its turn."""

    made: list[Done] = field(default_factory=list)
    waiting: list[Done] = field(default_factory=list)
    failed: dict[date, Exception] = field(default_factory=dict)


def due_days(first: date | None, now: datetime, final: Mapping[date, int], root: Path) -> list[date]:
    """The days from the first to yesterday without a final report, and the late ones whose files aren't all there."""
    if first is None:
        return []
    yesterday = now.date() - ONE_DAY
    days = [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]
    recent = yesterday - timedelta(days=LOOK_BACK_DAYS)
    return [
        day
        for day in days
        if day not in final or (day > recent and not is_delivered(root, final_folder(root, day, final[day])))
    ]


def make_all(days: list[date], make: Callable[[date], Done]) -> Outcome:
    """Makes what can be made: one day that fails, or isn't complete, blocks no other.

    A lost database fails them all; then the rest isn't tried. Raises MySQLdb.Error.
    """
    outcome = Outcome()
    for day in days:
        try:
            done = make(day)
        except (Unbalanced, Changed, RowsGone, OSError) as error:
            logger.error("report of %(day)s failed", {"day": day.isoformat()})
            outcome.failed[day] = error
        except MySQLdb.Error as error:
            outcome.failed[day] = error
            break
        else:
            (outcome.made if done.findings.is_final else outcome.waiting).append(done)
    return outcome


def watch_yesterday(first: date | None, now: datetime, is_final: bool, metrics: Metrics) -> None:
    """Alerts while yesterday's report isn't final six hours after its end."""
    yesterday = now.date() - ONE_DAY
    late = now - end_of(yesterday)
    is_late = first is not None and first <= yesterday and not is_final
    metrics.gauge("report.late", late.total_seconds() / 3600 if is_late else 0)
    if is_late and late >= EXPECTED_AFTER:
        facts = {"day": yesterday.isoformat()}
        logger.error("ALERT: the report of %(day)s isn't final yet: `playlog report --date %(day)s` says why", facts)
