"""How a sender sends, and what it says of a flush."""

from collections.abc import Sequence
from dataclasses import dataclass

from playlog_client.entry import Refusal

MOST_LOGS = 500
MOST_QUEUED = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """What a flush has done, in logs. `problem` says why it ended early, and what to change; then the queue is kept."""

    accepted: int
    refused: int
    left: int
    problem: str | None = None


class Quiet:
    """A progress that nobody looks at; the last note is kept for whoever asks."""

    def __init__(self) -> None:
        self.last = ""

    def advance(self, logs: int) -> None:
        """So many more logs are decided."""

    def note(self, text: str) -> None:
        self.last = text

    def list_refused(self, refused: Sequence[Refusal]) -> None:
        """They are kept in the queue's own list."""

    def close(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True)
class Options:
    """How a sender sends. Times in seconds.

    `age` and `most_logs`: in the background a batch is sent when its oldest log has waited so long, or when there are
    so many. `give_up_after`: how long one flush tries a batch again; it stays in the queue then. `country`: that of
    requests whose logs name none. `pause`: how soon the background looks again after a problem that needs a person (a
    revoked key, a full disk).
    """

    country: str = "GB"
    most_logs: int = MOST_LOGS
    age: float = 5.0
    pause: float = 60.0
    give_up_after: float = 60.0
    timeout: float = 30.0
    connections: int = 2
    most_queued: int = MOST_QUEUED
    compress: bool = True


DEFAULTS = Options()
