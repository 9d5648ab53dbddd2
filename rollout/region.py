"""What a roll-out needs of a region's container service; ecs.py has the real one."""

from dataclasses import dataclass, field
from typing import Protocol

from rollout.sizes import Definition


class RegionError(Exception):
    """The region can't be asked, or refuses what it was asked. The message says what to do."""


@dataclass(frozen=True)
class Deployment:
    """A version of the service that tasks of are started or stopped."""

    definition: str
    is_primary: bool
    #: IN_PROGRESS, COMPLETED or FAILED.
    state: str
    reason: str
    running: int
    failed: int


@dataclass(frozen=True)
class Service:
    """The service as it stands. Definitions are named by their ARN."""

    definition: str
    desired: int
    running: int
    deployments: tuple[Deployment, ...]
    #: The last version that passed its smoke tests; None before the first.
    proven: str | None = None

    @property
    def primary(self) -> Deployment | None:
        """The version that the service is on its way to, or at."""
        return next((each for each in self.deployments if each.is_primary), None)

    @property
    def is_changing(self) -> bool:
        """Whether a roll-out is under way."""
        return len(self.deployments) > 1 or any(each.state == "IN_PROGRESS" for each in self.deployments)


@dataclass(frozen=True)
class Ended:
    """How a task ended that was run once: the exit status of its container, None when it never started."""

    status: int | None
    reason: str = ""
    stopped: tuple[str, ...] = field(default=())


class Region(Protocol):
    """One service of one cluster. Each method raises RegionError."""

    def check_account(self) -> None:
        """Raises RegionError when the credentials are those of another account than the settings name."""

    def service(self) -> Service:
        """How it stands now."""

    def register(self, definition: Definition) -> str:
        """Makes a revision, and returns its ARN."""

    def update(self, definition: str, count: int | None) -> None:
        """Begins to roll out a revision, and to run that many tasks; None keeps the number."""

    def start_once(self, definition: str) -> str:
        """Starts one task beside the service, where its tasks run; returns its ARN."""

    def ended(self, task: str) -> Ended | None:
        """How a task ended; None while it runs."""

    def why_stopped(self, definition: str) -> list[str]:
        """Why tasks of a revision stopped lately, each in a sentence."""

    def mark_proven(self, definition: str) -> None:
        """Remembers with the service that this revision passed."""
