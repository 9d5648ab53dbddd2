"""What librdkafka has to say, in our log: a line of each kind now and then, not twenty a second."""

import logging
import time
from collections.abc import Callable

#: A broker that is away is met twenty times a second by a consumer that looks for its group's coordinator.
QUIET_SECONDS = 10.0


class Sparing(logging.Filter):
    """Lets a line of each kind through, then none like it for a while; the next says how many were left out.

    librdkafka's lines begin with their kind: FAIL, REQTMOUT, GETPID.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._shown: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        kind = text.partition(" ")[0]
        now = self._monotonic()
        if now - self._shown.get(kind, float("-inf")) < QUIET_SECONDS:
            self._left_out[kind] = self._left_out.get(kind, 0) + 1
            return False
        self._shown[kind] = now
        left_out = self._left_out.pop(kind, 0)
        if left_out:
            record.msg, record.args = f"{text} ({left_out} like it left out)", ()
        return True


def kafka_logger() -> logging.Logger:
    """The logger to give to a client of the library; the same for all of a process."""
    logger = logging.getLogger("librdkafka")
    if not any(isinstance(each, Sparing) for each in logger.filters):
        logger.addFilter(Sparing())
    return logger
