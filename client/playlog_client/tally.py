"""Counts what became of the logs of a send."""

import threading
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Tally:
    """The counts of this run, in logs; `requests` and `retries` in requests. May be used from several threads."""

    accepted_earlier: int = 0
    refused: int = 0
    sent: int = 0
    accepted: int = 0
    given_up: int = 0
    requests: int = 0
    retries: int = 0
    last_accepted_at: datetime | None = None
    stopped_because: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *, refused: int = 0, sent: int = 0, given_up: int = 0, requests: int = 0, retries: int = 0) -> None:
        """Counts."""
        with self._lock:
            self.refused += refused
            self.sent += sent
            self.given_up += given_up
            self.requests += requests
            self.retries += retries

    def accept(self, logs: int, at: datetime) -> None:
        """Counts a 200."""
        with self._lock:
            self.accepted += logs
            self.last_accepted_at = max(at, self.last_accepted_at or at)

    def stop(self, reason: str) -> None:
        """Keeps the first reason for which the send ends early."""
        with self._lock:
            self.stopped_because = self.stopped_because or reason

    @property
    def is_complete(self) -> bool:
        """Whether every log was accepted, in this run or an earlier one."""
        return not (self.refused or self.given_up or self.stopped_because)

    def lines(self) -> list[str]:
        """The counts for people."""
        earlier = f" ({self.accepted_earlier:,} more in an earlier run)" if self.accepted_earlier else ""
        counts = (
            f"sent {self.sent:,} logs in {self.requests:,} requests: accepted {self.accepted:,}{earlier},"
            f" refused {self.refused:,}, given up {self.given_up:,}; {self.retries:,} retried"
        )
        said = [counts]
        if self.last_accepted_at:
            said.append(f"last 200 at {self.last_accepted_at:%Y-%m-%dT%H:%M:%S.%f}Z")
        return said
