"""The library's front: hand logs over, and they reach the server, each once, whatever is killed in between."""

import logging
import os
import threading
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from playlog_client.background import Background
from playlog_client.batch import Target
from playlog_client.flushing import flush
from playlog_client.judge import document_of
from playlog_client.options import DEFAULTS, Options, Outcome
from playlog_client.queue_file import claim
from playlog_client.queued import RefusedLog, Undecided
from playlog_client.spool import Spool
from playlog_client.streams import STREAMS
from playlog_client.timer import SystemTimer, Timer
from playlog_client.transport import HttpTransport, Transport, problem_with_url

logger = logging.getLogger(__name__)

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
        self._background = Background(lambda: self._work() is not None, options.age, options.pause)
        self._stopped, self._enough = self._background.ended, threading.Event()
        self._timer = timer
        self._http = (
            None
            if transport
            else HttpTransport(url, key, connections=options.connections, timeout_seconds=options.timeout)
        )
        self._transport: Transport = transport or _some(self._http)
        self._place = claim(Path(folder))
        subject = f"{url.rstrip('/')}{self._target.stream.path}"
        try:
            self._spool = Spool(Path(folder), subject, lambda: str(uuid.uuid4()), self._now, options.most_queued)
        except BaseException:
            self._place.close()
            raise
        self._flushing = threading.Lock()
        self.last_outcome: Outcome | None = None

    def put(self, *logs: Mapping[str, object]) -> None:
        """Queues logs, all or none; they survive a kill from now on. Raises NotALog, QueueFull and QueueBroken."""
        self._spool.put(logs, self._target, self._now())
        if len(self._spool) >= self._options.most_logs:
            self._background.wake()

    def flush(self, give_up_after: float | None = None) -> Outcome:
        """Sends all that is queued, now. Returns when it is decided, given up for now, or needs a person.

        Raises QueueBroken; what is queued stays.
        """
        with self._flushing:
            stopped = self._enough = threading.Event()
            if give_up_after is None and self._stopped.is_set():
                # It was closed while this one began.
                stopped.set()
            patience = self._options.give_up_after if give_up_after is None else give_up_after
            options = replace(self._options, give_up_after=patience)
            self.last_outcome = flush(self._spool, self._target, options, self._transport, self._timer, stopped)
            return self.last_outcome

    def start(self) -> "Sender":
        """Sends in the background from now on, until it is closed."""
        self._background.start()
        return self

    def refused(self) -> list[RefusedLog]:
        """The logs that the server refused, with the reasons. They aren't sent again."""
        return self._spool.refused()

    def forget_refused(self) -> None:
        """Removes them, once they were looked at."""
        self._spool.forget_refused()

    def undecided(self) -> list[Undecided]:
        """The batches that may have been kept, and are tried again by each flush under their keys.

        One stays here only when the server refuses its logs by now, as too old, or when its key is so old that the
        server may not recognise it: then the operator can tell by the key whether it was kept.
        """
        return self._spool.undecided()

    def settle(self, key: str, *, kept: bool) -> None:
        """Takes over what the operator said: kept, so that its logs leave the queue, or not, so that they go again.

        Raises UnknownKey when no undecided batch has this key.
        """
        with self._flushing:
            self._spool.settle(key, kept=kept, at=datetime.fromtimestamp(self._now(), UTC).isoformat())

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
        self._background.wake()
        self._enough.set()
        try:
            if self._background.is_started:
                self._background.join()
                self._work(CLOSE_SECONDS)
        finally:
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

    def _work(self, give_up_after: float | None = None) -> str | None:
        """Flushes if it is time to, and says what the problem is.

        Whatever fails is told and tried again: a thread that ended by it would let logs pile up unseen.
        """
        try:
            return self.flush(give_up_after).problem if give_up_after is not None or self._is_due() else None
        except Exception as error:
            logger.exception("the queue was not sent")
            self.last_outcome = Outcome(0, 0, len(self._spool), str(error) or type(error).__name__)
            return self.last_outcome.problem

    def _is_due(self) -> bool:
        oldest = self._spool.oldest()
        is_old = oldest is not None and self._now() - oldest >= self._options.age
        return is_old or len(self._spool) >= self._options.most_logs

    def _now(self) -> float:
        return (self._timer or SystemTimer(self._stopped)).now().timestamp()


def _some(transport: HttpTransport | None) -> HttpTransport:
    if transport is None:
        raise ValueError("this sender was given a transport of its own, which can't be asked")
    return transport
