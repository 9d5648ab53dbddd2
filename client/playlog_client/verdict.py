"""A reply, and what it can mean for the batch that was posted."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reply:
    """A reply to a post. The names of the headers are compared without case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Accepted:
    """All logs are kept."""

    receipt: str


@dataclass(frozen=True)
class LogError:
    """What is wrong with one log, by its position in the request."""

    index: int
    pointer: str
    rule: str
    message: str


@dataclass(frozen=True)
class Refused:
    """Nothing is kept, because of these logs."""

    errors: list[LogError]


@dataclass(frozen=True)
class TooLarge:
    """Nothing is kept: this server takes smaller bodies."""


@dataclass(frozen=True)
class TryAgain:
    """Not taken now; `kept` says whether it may be kept nevertheless. The same key makes another try safe."""

    reason: str
    kept: str = "unknown"
    after_seconds: float | None = None


@dataclass(frozen=True)
class GiveUp:
    """This batch can't be delivered in this run; a later one may try again, under the same key."""

    reason: str
    kept: str = "unknown"


@dataclass(frozen=True)
class Stop:
    """No batch can be delivered: something has to be changed first."""

    reason: str
    kept: str = "unknown"


Verdict = Accepted | Refused | TooLarge | TryAgain | GiveUp | Stop
