"""One roll-out: migrate, register, update, wait, prove; and back to the last proven version when any of it fails.

Killed between two steps it leaves what ECS finishes or undoes by itself: the next roll-out still knows which version
passed its smoke tests last, for that is noted with the service, and only after they passed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from rollout.region import Region, RegionError, Service
from rollout.sizes import Definition
from rollout.stable import Waiting


class Outcome(Enum):
    """How a roll-out ended."""

    DONE = "the new version serves, and passed its smoke tests"
    UNCHANGED = "nothing was changed"
    WENT_BACK = "the former version serves again"
    STUCK = "the former version could not be brought back: this needs a person"


@dataclass(frozen=True)
class Plan:
    """What is to be rolled out."""

    web: Definition
    migration: Definition
    #: None keeps the present number of tasks.
    count: int | None = None


@dataclass
class Rollout:
    """Does it, and tells each step. `smoke` returns whether the required smoke tests passed."""

    region: Region
    waiting: Waiting
    smoke: Callable[[], bool]
    tell: Callable[[str], None]

    def run(self, plan: Plan) -> Outcome:
        """Raises RegionError while nothing was changed yet; later failures become an outcome."""
        self.region.check_account()
        before = self.region.service()
        if before.is_changing:
            raise RegionError("a roll-out of this service is under way already: wait until it has ended")
        # Both are registered before either is run: a definition that ECS refuses changes nothing.
        migration, revision = self.region.register(plan.migration), self.region.register(plan.web)
        self.tell(f"registered {_short(revision)}; {_short(before.definition)} runs {before.running} tasks")
        if problem := self._migrate(migration):
            self.tell(f"the region's tables: {problem}")
            return Outcome.UNCHANGED
        try:
            problem = self._replace(revision, plan.count)
        except KeyboardInterrupt:
            problem = "interrupted"
        if problem is None:
            self._remember(revision)
            return Outcome.DONE
        self.tell(f"FAILED: {problem}")
        return self._go_back(before)

    def _migrate(self, definition: str) -> str | None:
        """What went wrong. Migrations only expand, so the version that runs works on whatever happens."""
        self.tell("bringing the region's tables up to date")
        ended = self.waiting.until_ended(self.region.start_once(definition))
        if ended is None:
            return "the migration has not ended in time; it is safe to run again"
        if ended.status != 0:
            status = "did not start" if ended.status is None else f"ended with status {ended.status}"
            return f"the migration {status} ({ended.reason}); its log says why, and it is safe to run again"
        return None

    def _replace(self, revision: str, count: int | None) -> str | None:
        """Rolls the revision out and tries it; returns what went wrong."""
        try:
            self.region.update(revision, count)
            if problem := self.waiting.until_stable(revision):
                return problem
        except RegionError as error:
            return str(error)
        self.tell("all tasks are of the new version: running the smoke tests")
        return None if self.smoke() else "the smoke tests failed"

    def _remember(self, revision: str) -> None:
        try:
            self.waiting.insisted(partial(self.region.mark_proven, revision))
        except RegionError as error:
            self.tell(f"the version serves, but couldn't be noted as proven ({error}): run the same roll-out again")

    def _go_back(self, before: Service) -> Outcome:
        """To the last version that passed, or to the one that ran, with as many tasks as there were."""
        for former in dict.fromkeys(each for each in (before.proven, before.definition) if each):
            self.tell(f"going back to {_short(former)}")
            try:
                self.waiting.insisted(partial(self.region.update, former, before.desired))
                problem = self.waiting.until_stable(former)
            except RegionError as error:
                problem = str(error)
            if problem is None:
                return Outcome.WENT_BACK
            self.tell(f"FAILED: {problem}")
        return Outcome.STUCK


def _short(arn: str) -> str:
    """FAMILY:REVISION of an ARN."""
    return arn.rpartition("/")[2]
