"""Posts one request again and again, the same bytes each time, until the server has decided on it."""

import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from playlog_client.batch import Batch, Request, request_of
from playlog_client.judge import judge
from playlog_client.progress import Progress
from playlog_client.tally import Tally
from playlog_client.timer import Timer, pause_seconds
from playlog_client.transport import NotReached, Transport
from playlog_client.verdict import GiveUp, Refused, Stop, TryAgain, Verdict

TOO_OLD_NOW = (
    "a log is too old now, but an earlier try may have been kept: sent without its old logs, the batch could count"
    " twice. Ask the operator of the server whether key {key} was stored, and settle it"
)
KEY_TOO_OLD = (
    "an earlier try may have been kept, and more than {days} days may have passed since: the server may not recognise"
    " key {key} any more, and would store the logs again. Ask its operator whether the key was stored, and settle it"
)
#: The server recognises a key for 14 days from its first use, which isn't before ours. The day between is for a clock
#: that is set back: by more, nobody knows how old the key is.
KEY_AGE = timedelta(days=13)
CLOCK_STEP = timedelta(days=1)
#: The rules that a log which doesn't change may obey at one moment and break at another.
RULES_OF_TIME = frozenset({"past", "future"})
#: In a long outage every so many tries are told again.
TOLD_TRIES = 20


@dataclass
class Attempts:
    """What it takes to post, and how long to go on. May be used from several threads."""

    transport: Transport
    timer: Timer
    rng: random.Random
    tally: Tally
    progress: Progress
    stopped: threading.Event
    give_up_after_seconds: float
    compress: bool = True
    _decisions: int = 0

    def until_decided(self, batch: Batch) -> tuple[Verdict | None, bool]:
        """What the server decided, or why that isn't waited for any longer; None when the send was stopped.

        Says also whether one of the tries, of an earlier run too, may have been kept without our learning of it.
        """
        request = request_of(batch, compress=self.compress)
        began, before = self.timer.monotonic(), self._decisions
        tries, may_be_kept, told = 0, batch.may_be_kept, ""
        since = batch.since
        while not self.stopped.is_set():
            now = self.timer.now()
            if may_be_kept and not _is_recognised(since, now):
                return GiveUp(KEY_TOO_OLD.format(days=KEY_AGE.days, key=batch.key)), True
            self.tally.add(requests=1, retries=1 if tries else 0)
            tries += 1
            verdict = self._post(request, batch)
            if isinstance(verdict, Refused) and may_be_kept and _was_maybe_valid(verdict):
                return GiveUp(TOO_OLD_NOW.format(key=batch.key)), True
            if not isinstance(verdict, TryAgain):
                self._decisions += 1
                return verdict, may_be_kept or (isinstance(verdict, GiveUp | Stop) and verdict.kept != "no")
            if not may_be_kept and verdict.kept != "no":
                may_be_kept, since = True, now
            pause = pause_seconds(tries, verdict.after_seconds, self.rng)
            if self.timer.monotonic() - began + pause > self.give_up_after_seconds:
                # While others get through, it is this batch alone; otherwise it is the server, or the way to it.
                last = GiveUp if self._decisions > before else Stop
                return last(self._no_decision(verdict)), may_be_kept
            trouble = f"{verdict.reason} (kept: {verdict.kept})"
            if trouble != told or tries % TOLD_TRIES == 0:
                told = trouble
                self.progress.note(f"{batch.place}: {trouble}; tried {tries}x, again in {pause:.1f} s")
            self.timer.wait(pause)
        return None, may_be_kept

    def _post(self, request: Request, batch: Batch) -> Verdict:
        is_of_one = batch.stream.by_listener
        try:
            reply = self.transport.post(request)
            return judge(reply, len(batch.lines), self.timer.now(), is_of_one_listener=is_of_one)
        except NotReached as error:
            return TryAgain(str(error), error.kept)

    def _no_decision(self, last: TryAgain) -> str:
        wish = f", which asks to wait {last.after_seconds:.0f} s" if last.after_seconds else ""
        return f"no decision within {self.give_up_after_seconds:.0f} s; the last: {last.reason}{wish}"


def _is_recognised(since: datetime | None, now: datetime) -> bool:
    """Whether the server still recognises a key that was first used at `since`, as far as anybody can tell."""
    return since is not None and -CLOCK_STEP <= now - since <= KEY_AGE


def _was_maybe_valid(verdict: Refused) -> bool:
    """Whether logs are refused for their age alone: any other rule would have refused earlier tries, too."""
    return all(each.rule in RULES_OF_TIME for each in verdict.errors)
