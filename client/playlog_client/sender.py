"""The library's front: hand logs over, and they reach the server, each once, whatever is killed in between."""

import fcntl
import os
import random
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from playlog_client.attempts import Attempts
from playlog_client.batch import Target
from playlog_client.crew import Crew
from playlog_client.delivery import Delivery
from playlog_client.judge import document_of
from playlog_client.options import DEFAULTS, Options, Outcome, Quiet
from playlog_client.queued import QueueInUse, RefusedLog
from playlog_client.spool import Spool
from playlog_client.streams import STREAMS
from playlog_client.tally import Tally
from playlog_client.timer import SystemTimer, Timer
from playlog_client.transport import HttpTransport, Transport, problem_with_url

#: After a refusal that needs a person (a revoked key), the background looks again this often.
PAUSE_SECONDS = 60.0
#: When a sender is closed, what is queued gets so long.
CLOSE_SECONDS = 5.0


class Sender:
    """Sends logs of one stream to one server, by way of a queue in `folder`, which belongs to it alone.

    `put` returns when the logs are on the disk; from then on each reaches the server's books exactly once: tried
    until there is an answer, under a key that was saved before the first try. Use it as a context manager, or close it.
    Its methods may be called from several threads.

    Raises ValueError for an unknown stream or a wrong address, QueueInUse when the folder is another sender's.
    """

    def __init__(
        self,
        url: str,
        key: str,
        folder: str | os.PathLike[str],
        *,
        stream: str = "preview",
        options: Options = DEFAULTS,
        transport: Transport | None = None,
        timer: Timer | None = None,
    ) -> None:
        if stream not in STREAMS:
            raise ValueError(f"stream must be one of {', '.join(STREAMS)}")
        if problem := problem_with_url(url):
            raise ValueError(f"url {problem}")
        self._options, self._target = options, Target(STREAMS[stream], options.country)
        self._stopped, self._woken, self._enough = threading.Event(), threading.Event(), threading.Event()
        self._timer = timer
        self._http = (
            None
            if transport
            else HttpTransport(url, key, connections=options.connections, timeout_seconds=options.timeout)
        )
        self._transport: Transport = transport or _some(self._http)
        self._place = _claim(Path(folder))
        subject = f"{url.rstrip('/')}{self._target.stream.path}"
        try:
            self._spool = Spool(Path(folder), subject, lambda: str(uuid.uuid4()), options.most_queued)
        except BaseException:
            self._place.close()
            raise
        self._flushing = threading.Lock()
        self._thread: threading.Thread | None = None
        self.last_outcome: Outcome | None = None

    def put(self, *logs: Mapping[str, object]) -> None:
        """Queues logs, all or none; they survive a kill from now on. Raises NotALog and QueueFull."""
        self._spool.put(logs, self._target, self._now())
        if len(self._spool) >= self._options.most_logs:
            self._woken.set()

    def flush(self, give_up_after: float | None = None) -> Outcome:
        """Sends all that is queued, now. Returns when it is decided, given up for now, or needs a person."""
        with self._flushing:
            tally, stopped = Tally(), threading.Event()
            self._enough = stopped
            if give_up_after is None and self._stopped.is_set():
                # It was closed while this one began.
                stopped.set()
            attempts = Attempts(
                transport=self._transport,
                timer=self._timer or SystemTimer(stopped),
                rng=random.Random(),
                tally=tally,
                progress=Quiet(),
                stopped=stopped,
                give_up_after_seconds=self._options.give_up_after if give_up_after is None else give_up_after,
                compress=self._options.compress,
            )
            delivery = Delivery(attempts, self._spool)
            batches = self._spool.batches(self._target, self._options.most_logs)
            Crew(batches, delivery.deliver, stopped).run(self._options.connections)
            problem = tally.stopped_because or ("some were given up for now" if tally.given_up else None)
            self.last_outcome = Outcome(tally.accepted, tally.refused, len(self._spool), problem)
            return self.last_outcome

    def start(self) -> "Sender":
        """Sends in the background from now on, until it is closed."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="playlog-sender", daemon=True)
            self._thread.start()
        return self

    def refused(self) -> list[RefusedLog]:
        """The logs that the server refused, with the reasons. They aren't sent again."""
        return self._spool.refused()

    def forget_refused(self) -> None:
        """Removes them, once they were looked at."""
        self._spool.forget_refused()

    def receipts(self) -> list[tuple[str, int, str]]:
        """The last receipts: each with its number of logs, and when it came (ISO 8601, UTC)."""
        return self._spool.receipts()

    def receipt_state(self, receipt: str) -> str:
        """What became of an accepted request: `acknowledged`, `consumed` or `unknown`. Raises NotReached."""
        reply = _some(self._http).get(f"/1.2/logs/receipts/{quote(receipt, safe='')}")
        state = (document_of(reply.body) or {}).get("state")
        return str(state) if reply.status == 200 and state else "unknown"

    def __len__(self) -> int:
        """How many logs are queued."""
        return len(self._spool)

    def close(self) -> None:
        """Flushes once more, if it was started, and lets go of the folder. The next sender finds what isn't sent."""
        self._stopped.set()
        self._woken.set()
        self._enough.set()
        if self._thread is not None:
            self._thread.join()
            self.flush(CLOSE_SECONDS)
        self._spool.close()
        self._place.close()
        if self._http is not None:
            self._http.close()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._woken.wait(self._options.age)
            self._woken.clear()
            oldest = self._spool.oldest()
            is_due = oldest is not None and self._now() - oldest >= self._options.age
            is_due = is_due or len(self._spool) >= self._options.most_logs
            if is_due and not self._stopped.is_set() and self.flush().problem:
                self._stopped.wait(PAUSE_SECONDS)

    def _now(self) -> float:
        return (self._timer or SystemTimer(self._stopped)).now().timestamp()


def _claim(folder: Path) -> Any:
    """Makes this process the only one to send from the folder. The kernel lets go of it, however the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise QueueInUse(f"{folder} is in use by another sender: give each process a folder of its own") from error
    return lock


def _some(transport: HttpTransport | None) -> HttpTransport:
    if transport is None:
        raise ValueError("this sender was given a transport of its own, which can't be asked")
    return transport
