"""`make deploy ENV=uat|prod`: puts a version into the region, and proves it or goes back."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from common.clock import SystemClock
from common.config import BadSettings, load
from rollout.config import BAD_SETTING, ENVIRONMENTS, FAILED, INTERRUPTED, STUCK, RolloutConfig
from rollout.definition import BadTemplate, migration_task, web_task
from rollout.ecs import EcsRegion
from rollout.region import Region, RegionError
from rollout.stable import Waiting
from rollout.steps import Outcome, Plan, Rollout

ROOT = Path(__file__).parents[1]
STATUSES = {Outcome.DONE: 0, Outcome.UNCHANGED: FAILED, Outcome.WENT_BACK: FAILED, Outcome.STUCK: STUCK}

DESCRIPTION = """\
Registers the task definition of ecs-task-def.json with this environment's values, brings the region's tables up to
date by a task of its own, rolls the new version out, waits until every task is of it, and runs the smoke tests against
BASE_URL. When the roll-out or a smoke test fails, the service goes back to the version that last passed.
Safe to interrupt: it goes back first. Images must be in the registry already: make image, then push."""
EPILOG = """\
Settings come from the environment; .env.example lists them. TASK_COUNT and TASK_SIZE scale: how many tasks, how large.
Exit status: 0 the new version serves and passed; 1 failed, and the former version serves; 3 failed, and it could not
go back: a person is needed; 2 wrong usage; 78 a setting is missing or wrong."""


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    result = argparse.ArgumentParser(
        prog="python -m rollout",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument("--env", required=True, choices=ENVIRONMENTS, help="where to")
    result.add_argument("--dry-run", action="store_true", help="print both task definitions, and change nothing")
    return result


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Returns the exit status."""
    args = parser().parse_args(argv)
    try:
        config = load(RolloutConfig, environ)
        config = config if config.image_tag else replace(config, image_tag=_commit())
        web = web_task(ENVIRONMENTS[args.env], config)
    except BadSettings as bad:
        print(*bad.problems, sep="\n", file=sys.stderr)
        return BAD_SETTING
    except BadTemplate as bad:
        print(bad, file=sys.stderr)
        return FAILED
    plan = Plan(web, migration_task(web), config.task_count or None)
    if args.dry_run:
        print(json.dumps([plan.migration, plan.web], indent=2))
        return 0
    take_one_interrupt()
    return roll_out(EcsRegion(config), config, plan)


def roll_out(region: Region, config: RolloutConfig, plan: Plan) -> int:
    """Rolls out, and returns the exit status."""
    waiting = Waiting(region, SystemClock(), time.sleep, _tell, config.stable_seconds)
    try:
        outcome = Rollout(region, waiting, lambda: _smoke(config), _tell).run(plan)
    except RegionError as error:
        print(f"nothing was changed: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted before the service was changed; a migration that began goes on", file=sys.stderr)
        return INTERRUPTED
    _tell(outcome.value)
    return STATUSES[outcome]


def take_one_interrupt() -> None:
    """Turns the first Ctrl-C or SIGTERM, which a cancelled pipeline sends, into going back, and lets that finish."""

    def interrupted(*_: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: _tell("going back already; kill -9 leaves the rest to ECS"))
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupted)


def _smoke(config: RolloutConfig) -> bool:
    """Whether the smoke tests passed, run as `make smoke` runs them."""
    command = [sys.executable, "-W", "error", "-m", "tests.smoke_stack"]
    environ = {**os.environ, "BASE_URL": config.base_url, "PLAYLOG_KEY": config.key}
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode == 0


def _commit() -> str:
    """The tag that `make image` gives: the commit of this clone."""
    argv = ["git", "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _tell(line: str) -> None:
    print(time.strftime("%H:%M:%S", time.gmtime()), line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
