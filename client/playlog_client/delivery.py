"""Delivers one batch: acts on what the server decided."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from playlog_client.attempts import Attempts
from playlog_client.batch import Batch
from playlog_client.entry import Refusal
from playlog_client.lines import Line
from playlog_client.progress import Progress
from playlog_client.tally import Tally
from playlog_client.verdict import Accepted, GiveUp, LogError, Refused, Stop, TooLarge


class Journal(Protocol):
    """What remembers batches: playlog_client.journal.Journal of a file, or playlog_client.spool.Spool."""

    def accept(self, number: int, receipt: str, at: str) -> None: ...
    def set_aside(self, number: int) -> None: ...
    def replace(self, batch: Batch, refused: Sequence[Refusal], parts: Sequence[Sequence[Line]]) -> list[Batch]: ...


@dataclass
class Delivery:
    """What it takes to deliver batches. May be used from several threads.

    A batch ends in one of four ways: accepted; split or made smaller, under new keys that were saved first; given up,
    and then a later run sends it again under the same key; or left, because the send was stopped. A log is never
    posted under a second key while a request that holds it may have been kept.
    """

    attempts: Attempts
    journal: Journal
    keep_receipt: Callable[[str], None] = lambda _: None

    @property
    def tally(self) -> Tally:
        """The counts of this run."""
        return self.attempts.tally

    @property
    def progress(self) -> Progress:
        """Where the user looks."""
        return self.attempts.progress

    @property
    def stopped(self) -> threading.Event:
        """Set when nothing new may be posted."""
        return self.attempts.stopped

    def deliver(self, batch: Batch) -> None:
        """Posts the batch, and what takes its place, until all of it is decided."""
        self.tally.add(sent=len(batch.lines))
        pending = [batch]
        while pending and not self.stopped.is_set():
            pending += reversed(self._send(pending.pop()))

    def _send(self, batch: Batch) -> list[Batch]:
        """Delivers one request. Returns the batches that take its place."""
        verdict, may_be_kept = self.attempts.until_decided(batch)
        if not (may_be_kept or isinstance(verdict, Accepted | Refused | TooLarge)):
            self.journal.set_aside(batch.number)
        match verdict:
            case Accepted(receipt):
                now = self.attempts.timer.now()
                self.journal.accept(batch.number, receipt, now.isoformat())
                self.keep_receipt(receipt)
                self.tally.accept(len(batch.lines), now)
                self.progress.advance(len(batch.lines))
            case Refused(errors):
                return self._without(
                    batch,
                    [
                        Refusal(batch.file, batch.lines[each.index].number, each.pointer, each.rule, each.message)
                        for each in errors
                    ],
                )
            case TooLarge() if len(batch.lines) > 1:
                self.progress.note(f"{batch.place}: too large for this server (413), sent again in halves")
                middle = len(batch.lines) // 2
                return self.journal.replace(batch, [], [batch.lines[:middle], batch.lines[middle:]])
            case TooLarge():
                line = batch.lines[0].number
                return self._without(batch, [Refusal(batch.file, line, "", "size", "is too large for this server")])
            case GiveUp(reason):
                self.tally.add(given_up=len(batch.lines))
                self.progress.note(f"{batch.place}: given up: {reason}")
            case Stop(reason):
                self.stop(f"{batch.place}: {reason}")
        return []

    def stop(self, reason: str) -> None:
        """Ends the send: nothing new is posted. The reason is told at the end."""
        self.tally.stop(reason)
        self.stopped.set()

    def tell_refused(self, refused: Sequence[Refusal]) -> None:
        """Counts and lists logs that are not accepted."""
        logs = len({each.line for each in refused})
        self.tally.add(refused=logs)
        self.progress.list_refused(refused)
        self.progress.advance(logs)

    def _without(self, batch: Batch, refused: Sequence[Refusal]) -> list[Batch]:
        """The rest of a batch without its refused logs, if there is one."""
        numbers = {each.line for each in refused}
        rest = [line for line in batch.lines if line.number not in numbers]
        instead = self.journal.replace(batch, refused, [rest] if rest else [])
        self.tell_refused(refused)
        return instead


def _refusal(batch: Batch, error: LogError) -> Refusal:
    return Refusal(batch.file, batch.lines[error.index].number, error.pointer, error.rule, error.message)
