"""A region whose service does what a test says, one step at each look."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from rollout.region import Deployment, Ended, RegionError, Service
from rollout.sizes import Definition

V1, V2 = "arn:aws:ecs:x:1:task-definition/playlog:1", "arn:aws:ecs:x:1:task-definition/playlog:2"
MIGRATE = "arn:aws:ecs:x:1:task-definition/playlog-migrate:1"


def primary(definition: str, state: str = "COMPLETED", running: int = 2, failed: int = 0) -> Deployment:
    """The deployment that the service is at, or on its way to."""
    return Deployment(definition, is_primary=True, state=state, reason="", running=running, failed=failed)


def other(definition: str, running: int = 2) -> Deployment:
    """The one that is being replaced."""
    return Deployment(definition, is_primary=False, state="COMPLETED", reason="", running=running, failed=0)


def at(definition: str, *, count: int = 2, proven: str | None = None) -> Service:
    """A service at rest."""
    return Service(definition, count, count, (primary(definition, running=count),), proven)


@dataclass
class FakeRegion:
    """Rolls out at the third look after an update, unless `fates` has other looks for that definition."""

    now: Service = field(default_factory=lambda: at(V1))
    fates: dict[str, list[Service | RegionError]] = field(default_factory=dict)
    migration: Ended | None = field(default_factory=lambda: Ended(0))
    account_problem: str = ""
    calls: list[str] = field(default_factory=list)
    looks: list[Service | RegionError] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    proven_fails: bool = False
    #: What an update back to the first version meets before it is taken.
    refusals: list[RegionError] = field(default_factory=list)

    def check_account(self) -> None:
        if self.account_problem:
            raise RegionError(self.account_problem)

    def service(self) -> Service:
        if self.looks:
            look = self.looks.pop(0)
            if isinstance(look, RegionError):
                raise look
            self.now = look
        return self.now

    def register(self, definition: Definition) -> str:
        self.calls.append(f"register {definition['family']}")
        return MIGRATE if definition["family"].endswith("migrate") else V2

    def update(self, definition: str, count: int | None) -> None:
        if definition == V1 and self.refusals:
            raise self.refusals.pop(0)
        self.calls.append(f"update {definition[-1]} {count}")
        count = self.now.desired if count is None else count
        former = self.now.definition
        between = (primary(definition, "IN_PROGRESS", 1), other(former))
        self.looks = list(
            self.fates.get(
                definition,
                [
                    replace(self.now, definition=definition, desired=count, deployments=between, running=3),
                    replace(at(definition, count=count), proven=self.now.proven),
                ],
            )
        )

    def start_once(self, definition: str) -> str:
        self.calls.append("migrate")
        return "task"

    def ended(self, task: str) -> Ended | None:
        return self.migration

    def why_stopped(self, definition: str) -> list[str]:
        return self.reasons

    def mark_proven(self, definition: str) -> None:
        if self.proven_fails:
            raise RegionError("denied")
        self.calls.append(f"proven {definition[-1]}")


class FakeClock:
    """Stands still but for the pauses."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
