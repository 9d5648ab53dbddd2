"""Delivers one batch: posts it until there is a decision, and acts on it."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commands.sending.batch import Batch, Request, request_of
from commands.sending.entry import Refusal
from commands.sending.journal import Journal
from commands.sending.judge import judge
from commands.sending.progress import Progress
from commands.sending.tally import Tally
from commands.sending.timer import Timer, pause_seconds
from commands.sending.transport import NotReached, Transport
from commands.sending.verdict import Accepted, GiveUp, LogError, Refused, Stop, TooLarge, TryAgain, Verdict

TOO_OLD_NOW = (
    "a log is too old now, but an earlier try may have been kept: sent without its old logs, the batch could count"
    " twice. Ask the operator of the server whether its key, which the state file names, was stored"
)


@dataclass
class Delivery:
    """What it takes to deliver batches. May be used from several threads.

    A batch ends in one of four ways: accepted; split or made smaller, under new keys that were saved first; given up,
    and then a later run sends it again under the same key; or left, because the send was stopped. A log is never
    posted under a second key while a request that holds it may have been kept.
    """

    transport: Transport
    journal: Journal
    timer: Timer
    rng: random.Random
    tally: Tally
    progress: Progress
    stopped: threading.Event
    give_up_after_seconds: float
    compress: bool = True
    keep_receipt: Callable[[str], None] = lambda _: None
    _decisions: int = 0

    def deliver(self, batch: Batch) -> None:
        """Posts the batch, and what takes its place, until all of it is decided."""
        self.tally.add(sent=len(batch.lines))
        pending = [batch]
        while pending and not self.stopped.is_set():
            pending += reversed(self._send(pending.pop()))

    def _send(self, batch: Batch) -> list[Batch]:
        """Delivers one request. Returns the batches that take its place."""
        verdict, may_be_kept = self._decide(batch)
        if not (may_be_kept or isinstance(verdict, Accepted | Refused | TooLarge)):
            self.journal.set_aside(batch.number)
        match verdict:
            case Accepted(receipt):
                now = self.timer.now()
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

    def _decide(self, batch: Batch) -> tuple[Verdict | None, bool]:
        """Posts one request, the same bytes each time, until there is a decision; None when the send was stopped.

        Says also whether one of the tries, of an earlier run too, may have been kept without our learning of it.
        """
        request = request_of(batch, compress=self.compress)
        began, before = self.timer.monotonic(), self._decisions
        tries, may_be_kept = 0, batch.may_be_kept
        while not self.stopped.is_set():
            self.tally.add(requests=1, retries=1 if tries else 0)
            tries += 1
            verdict = self._post(request, len(batch.lines))
            if isinstance(verdict, Refused) and may_be_kept and _are_too_old(verdict):
                return GiveUp(TOO_OLD_NOW), True
            if not isinstance(verdict, TryAgain):
                self._decisions += 1
                return verdict, may_be_kept or (isinstance(verdict, GiveUp | Stop) and verdict.kept != "no")
            may_be_kept = may_be_kept or verdict.kept != "no"
            pause = pause_seconds(tries, verdict.after_seconds, self.rng)
            if self.timer.monotonic() - began + pause > self.give_up_after_seconds:
                # While others get through, it is this batch alone; otherwise it is the server, or the way to it.
                last = GiveUp if self._decisions > before else Stop
                return last(self._no_decision(verdict)), may_be_kept
            self.progress.note(f"{batch.place}: {verdict.reason} (kept: {verdict.kept}); next try in {pause:.1f} s")
            self.timer.wait(pause)
        return None, may_be_kept

    def _post(self, request: Request, logs: int) -> Verdict:
        try:
            return judge(self.transport.post(request), logs, self.timer.now())
        except NotReached as error:
            return TryAgain(str(error), error.kept)

    def _no_decision(self, last: TryAgain) -> str:
        wish = f", which asks to wait {last.after_seconds:.0f} s" if last.after_seconds else ""
        return f"no decision within {self.give_up_after_seconds:.0f} s; the last: {last.reason}{wish}"


def _refusal(batch: Batch, error: LogError) -> Refusal:
    return Refusal(batch.file, batch.lines[error.index].number, error.pointer, error.rule, error.message)


def _are_too_old(verdict: Refused) -> bool:
    """Whether logs are refused for their time alone: the only reason that an earlier try may not have met."""
    return all(each.pointer.endswith("/dateTimePlayed") for each in verdict.errors)
