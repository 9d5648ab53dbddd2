"""The follower as a process."""

import threading
from functools import partial

from common.clock import SystemClock
from common.database import connect
from common.metrics import metrics_to
from common.status_server import StatusServer
from moving.books import RegionBooks
from moving.config import FollowConfig
from moving.follow import PERIOD_SECONDS, Follower
from moving.nginx import NginxHandle

#: A turn may wait for nginx's test and for its new workers.
ALIVE_SECONDS = 60.0


class Following:
    """Puts the follower together from its settings, and takes it apart again."""

    def __init__(self, config: FollowConfig) -> None:
        self._config = config
        self._metrics = metrics_to(config.statsd_host, config.statsd_port)
        region = config.region
        opened = partial(connect, region.database, region.password, answer_seconds=5, connect_seconds=2)
        private = f"{config.private[0]}:{config.private[1]}"
        handle = NginxHandle(config.config, config.prefix, private, config.program, config.closing_seconds)
        self._books = RegionBooks(opened)
        self._follower = Follower(config.name, self._books, handle, SystemClock(), self._metrics)

    def run(self, stop: threading.Event) -> None:
        """Runs until `stop` is set."""
        follower = self._follower
        status = StatusServer(
            self._config.status_bind, self._about, lambda: follower.silent_seconds() < ALIVE_SECONDS + PERIOD_SECONDS
        )
        status.start()
        try:
            follower.run(stop)
        finally:
            status.stop()
            self._books.close()
            self._metrics.close()

    def _about(self) -> dict[str, object]:
        follower = self._follower
        is_ready = follower.version is not None and follower.problem is None and not follower.is_away
        return {"ready": is_ready, "version": follower.version, "problem": follower.problem}
