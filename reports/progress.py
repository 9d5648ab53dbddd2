"""Says how far a long run is, and keeps its session alive meanwhile."""

import logging
from collections.abc import Callable

from common.clock import Clock

logger = logging.getLogger(__name__)

BEAT_SECONDS = 10.0


class Progress:
    """Called often, does its work every ten seconds."""

    def __init__(self, clock: Clock, stay_alive: Callable[[], None]) -> None:
        self._clock, self._stay_alive = clock, stay_alive
        self._started = self._last = clock.monotonic()

    def tick(self, rows: int) -> None:
        """So many rows were read so far."""
        if self.beat():
            facts = {"rows": rows, "seconds": round(self._last - self._started)}
            logger.info("read %(rows)d logs in %(seconds)d s", facts, extra=facts)

    def beat(self) -> bool:
        """Shows the database that the run goes on; says whether it was time to."""
        now = self._clock.monotonic()
        if now - self._last < BEAT_SECONDS:
            return False
        self._last = now
        self._stay_alive()
        return True
