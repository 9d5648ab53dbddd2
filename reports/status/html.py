"""The operator's page: what wants a person, and how the data centre does; one file, written anew each minute."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reports import charts
from reports.handover import final_folder
from reports.markup import environment
from reports.page import NAME as REPORT
from reports.proof import KafkaView
from reports.status.beside import MOST_LETTERS, Beside
from reports.status.facts import Day, Facts
from reports.status.health import age, health, wanted_beside
from reports.status.judgement import alive
from reports.status.pages import backlog_end, lag_records

#: Its owner and its group: it names clients.
MODE = 0o640
HOURS_WRITTEN = ("00", "06", "12", "18", "23")
REFRESH_SECONDS = 60
#: Older than this, the page says of itself that it is old.
OLD_SECONDS = 180


@dataclass(frozen=True)
class Place:
    """Where the page is written, and the folder of the reports that it leads to, if it is known."""

    file: Path
    report_dir: Path | None

    def link(self, day: Day) -> str | None:
        """The way from the page to a day's report, as a browser follows it; None while there is no final one."""
        if self.report_dir is None or day.revision is None:
            return None
        report = final_folder(self.report_dir.resolve(), day.day, day.revision) / REPORT
        return os.path.relpath(report, self.file.resolve().parent)


def page_text(facts: Facts, beside: Beside, wanted: Sequence[str], place: Place, now: datetime) -> str:
    """The page while the database answers."""
    living = alive(facts)
    parts = health(facts, beside, now)
    end = backlog_end(living)
    return _render(
        now,
        trouble=None,
        wanted=[*wanted, *wanted_beside(parts)],
        facts=facts,
        beside=beside,
        parts=parts,
        living=living,
        rows_per_second=sum(each.rows_per_second for each in living),
        records_per_second=sum(each.records_per_second for each in living),
        lag=lag_records(facts),
        lag_seconds=max((each.lag_seconds for each in living), default=0.0),
        ends_in=end,
        ends_at=None if end is None else now + timedelta(seconds=end),
        most_letters=MOST_LETTERS,
        days=[(each, place.link(each)) for each in facts.days[::-1]],
        hours=_hours(beside),
        asked=isinstance(facts.kafka, KafkaView),
    )


def trouble_text(trouble: str, now: datetime) -> str:
    """The page while the database doesn't: an old page that says that all is well would be a lie."""
    return _render(now, trouble=trouble, wanted=[trouble])


def write_page(file: Path, text: str) -> None:
    """Puts the page in place in one step: whoever looks sees the former one or this one, whole. Raises OSError."""
    making = file.with_name(f".{file.name}.making")
    making.write_text(text, encoding="utf-8", errors="backslashreplace")
    making.chmod(MODE)
    making.replace(file)


def _hours(beside: Beside) -> Any:
    if beside.today is None or not any(beside.today.hours):
        return None
    labels = [f"{hour:02d}" for hour in range(24)]
    return charts.bars("Logs stored today by hour (UTC)", labels, beside.today.hours, HOURS_WRITTEN)


def _render(now: datetime, **values: Any) -> str:
    helpers: dict[str, Callable[..., Any] | int] = {"age": age, "refresh": REFRESH_SECONDS, "old": OLD_SECONDS}
    return environment().get_template("status.html").render(now=now, **helpers, **values)
