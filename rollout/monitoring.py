"""`make monitoring ENV=uat|prod`: brings the dashboard and an environment's monitors to Datadog."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datadog
from datadog.api.dashboards import Dashboard
from datadog.api.exceptions import DatadogException
from datadog.api.monitors import Monitor

from common.config import BadSettings, load, setting
from common.converters import text
from rollout.config import BAD_SETTING, ENVIRONMENTS, FAILED
from rollout.definition import filled

FOLDER = Path(__file__).parents[1] / "deploy" / "datadog"
DESCRIPTION = """\
Makes or changes the monitors of deploy/datadog/monitors.json for one environment, and the dashboard of dashboard.json,
which all environments share. What is there already is changed, found by its name; nothing is deleted: a monitor that
isn't in the file any more is named."""


def site(value: str) -> str:
    """A Datadog site, or, for a stand-in, a whole URL."""
    return value if "://" in value else f"https://api.{value}"


@dataclass(frozen=True)
class MonitoringConfig:
    """Where Datadog is, and whom it tells."""

    api_key: str = setting("DD_API_KEY", text, "an API key of Datadog", secret=True)
    app_key: str = setting("DD_APP_KEY", text, "an application key of Datadog that may write monitors", secret=True)
    site: str = setting("DD_SITE", site, "the Datadog site", "https://api.datadoghq.com")
    notify: str = setting("DD_NOTIFY", text, "whom the monitors tell, as in @team-name")


def apply(environment: str, config: MonitoringConfig, tell: Callable[[str], None]) -> None:
    """Makes or changes everything. Raises DatadogException with what Datadog said."""
    datadog.initialize(api_key=config.api_key, app_key=config.app_key, api_host=config.site, mute=False)
    values = {"PLAYLOG_ENV": environment, "NOTIFY": config.notify}
    monitors: Any = filled((FOLDER / "monitors.json").read_text(), values)
    _apply_monitors(environment, monitors, tell)
    dashboard = json.loads((FOLDER / "dashboard.json").read_text())
    title = dashboard["title"]
    found = [each["id"] for each in Dashboard.get_all()["dashboards"] if each["title"] == title]
    for number in found[:1]:
        Dashboard.update(number, **dashboard)
    if not found:
        Dashboard.create(**dashboard)
    tell(f"{'changed' if found else 'made'} the dashboard {title}")


def _apply_monitors(environment: str, monitors: Sequence[dict[str, Any]], tell: Callable[[str], None]) -> None:
    theirs = Monitor.get_all(monitor_tags=f"service:playlog,env:{environment}")
    numbers = {each["name"]: each["id"] for each in theirs}
    for monitor in monitors:
        name = monitor["name"]
        if name in numbers:
            Monitor.update(numbers[name], **monitor)
        else:
            Monitor.create(**monitor)
        tell(f"{'changed' if name in numbers else 'made'} {name}")
    for name in sorted(set(numbers) - {monitor["name"] for monitor in monitors}):
        tell(f"not in monitors.json any more: {name}; delete it if nobody needs it")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rollout.monitoring", description=DESCRIPTION)
    parser.add_argument("--env", required=True, choices=ENVIRONMENTS, help="whose monitors")
    args = parser.parse_args(argv)
    try:
        apply(ENVIRONMENTS[args.env], load(MonitoringConfig, environ), print)
    except BadSettings as bad:
        print(*bad.problems, sep="\n", file=sys.stderr)
        return BAD_SETTING
    except DatadogException as error:
        print(f"Datadog: {error}. What was told before is done; the same run goes on there.", file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
