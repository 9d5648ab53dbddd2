"""Follows what the region's copy of the catalogue is told, so that no answer is given that was made before it."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import MySQLdb
from MySQLdb.connections import Connection

from app.tracks.cache import AnswerCache
from common.clock import Clock
from common.database import rows
from common.metrics import Metrics

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 0.1
#: Without a look at the database kept answers serve for so long: nothing changes in a region whose database is away.
TRUST_SECONDS = 300.0
GAUGE_SECONDS = 10.0
#: More changes at once than this, and everything is forgotten.
MOST_CHANGES = 5_000

POSITIONS = "SELECT topic, partition_no, topic_id, next_offset FROM consumer_offset"
CHANGED = """
SELECT release_id FROM catalogue_record
WHERE topic_id = %s AND partition_no = %s AND kafka_offset >= %s AND kafka_offset < %s AND outcome = 'applied'
LIMIT %s"""
GHOSTS = """
SELECT EXISTS (SELECT 1 FROM catalogue_mark
  WHERE topic_id = %s AND partition_no = %s AND kafka_offset >= %s AND kafka_offset < %s AND ghosts > 0)"""
#: A partition that is read and has stored nothing so far has no sum. Rows of a former topic may be left.
AS_OF = """
SELECT MIN(s.as_of), SUM(s.as_of IS NULL) FROM consumer_offset AS o LEFT JOIN catalogue_sum AS s USING (partition_no)
WHERE o.topic_id = (
  SELECT l.topic_id FROM consumer_offset AS l WHERE l.topic = o.topic ORDER BY l.updated_at DESC LIMIT 1)"""

Place = tuple[str, int]


class Follower:
    """One thread of each process, with a connection of its own."""

    def __init__(self, connect: Callable[[], Connection], cache: AnswerCache, clock: Clock, metrics: Metrics) -> None:
        self._connect, self._cache = connect, cache
        self._clock, self._metrics = clock, metrics
        self._connection: Connection | None = None
        self._positions: dict[Place, tuple[str, int]] | None = None
        self._looked_at: float | None = None
        self._unknown_since: float | None = None
        self._gauged_at = float("-inf")
        self._is_reachable = True
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="catalogue", daemon=True)
        self._as_of: datetime | None = None

    def start(self) -> None:
        """Follows from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Follows no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2)

    @property
    def as_of(self) -> datetime | None:
        """Every change that was committed in the data centre before this moment has arrived; None: nobody knows."""
        return self._as_of

    @property
    def is_trusted(self) -> bool:
        """Whether kept answers may be given."""
        return self._looked_at is not None and self._clock.monotonic() - self._looked_at < TRUST_SECONDS

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._connection is None:
                    self._connection = self._connect()
                    self._connection.autocommit(True)
                self.look(self._connection)
            except MySQLdb.Error as error:
                self._lose(error)
            self.tell()
            self._stopping.wait(PERIOD_SECONDS if self._is_reachable else 1.0)
        self._drop()

    def look(self, connection: Connection) -> None:
        """One look; what changed since the last is evicted. Raises MySQLdb.Error."""
        began = self._clock.monotonic()
        found = {(row[0], row[1]): (row[2], row[3]) for row in rows(connection, POSITIONS)}
        before = self._positions
        if before is None or before.keys() - found.keys():
            self._cache.clear()
        else:
            for place, (topic_id, offset) in found.items():
                self._follow(connection, place, before.get(place, (topic_id, 0)), (topic_id, offset))  # type: ignore[arg-type]
        ((as_of, unknown),) = rows(connection, AS_OF)
        self._as_of = as_of.replace(tzinfo=UTC) if isinstance(as_of, datetime) and not unknown else None
        if self._as_of is not None or not found:
            self._unknown_since = None
        elif self._unknown_since is None:
            self._unknown_since = began
        self._positions = found  # type: ignore[assignment]
        self._looked_at = began
        if not self._is_reachable:
            self._is_reachable = True
            logger.info("the catalogue is followed again")

    def _follow(self, connection: Connection, place: Place, before: tuple[str, int], now: tuple[str, int]) -> None:
        if before == now:
            return
        if before[0] != now[0] or before[1] > now[1]:
            # Another topic, or a database that was restored.
            self._cache.clear()
            return
        span = (now[0], place[1], before[1], now[1])
        changed = [row[0] for row in rows(connection, CHANGED, (*span, MOST_CHANGES + 1))]
        ((has_ghosts,),) = rows(connection, GHOSTS, span)
        if has_ghosts or len(changed) > MOST_CHANGES:
            self._cache.clear()
        elif changed:
            self._cache.evict(changed)  # type: ignore[arg-type]

    def _lose(self, error: MySQLdb.Error) -> None:
        self._drop()
        if self._is_reachable:
            self._is_reachable = False
            facts = {"code": error.args[0] if error.args else 0}
            logger.warning("the catalogue can't be followed: database error %(code)s", facts, extra=facts)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except MySQLdb.Error:
                return  # It was broken already.

    def tell(self) -> None:
        """Gauges, every so often."""
        now = self._clock.monotonic()
        if now - self._gauged_at < GAUGE_SECONDS:
            return
        self._gauged_at = now
        if self._as_of is not None:
            self._metrics.gauge("catalogue.age", (self._clock.now() - self._as_of).total_seconds())
        elif self._unknown_since is not None:
            # A copy that never gets whole is told as one that stands still.
            self._metrics.gauge("catalogue.age", now - self._unknown_since)
        self._metrics.gauge("catalogue.answers_kept", len(self._cache))
