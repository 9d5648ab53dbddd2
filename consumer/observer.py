"""Measures, beside the work: lag, freshness, trouble, and the days for which tables are ready."""

import logging
import threading
from collections.abc import Callable
from datetime import date, timedelta

import MySQLdb
from confluent_kafka import KafkaException
from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import rows
from common.kafka import TopicView
from common.metrics import Metrics
from consumer.partition import Partition

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
LOOKS_A_DAYS_CHECK = 60
ALERT_DAYS = 3

LAST_DAY = """
    SELECT MAX(partition_description) FROM information_schema.partitions
    WHERE table_schema = DATABASE() AND table_name = 'play_log'"""


class Observer(threading.Thread):
    """Looks every 10 s; a look that fails is logged and changes nothing."""

    def __init__(
        self,
        view: TopicView,
        topic: str,
        partitions: Callable[[], list[Partition]],
        connect: Callable[[], Connection],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        super().__init__(name="observer", daemon=True)
        self._view, self._topic, self._partitions = view, topic, partitions
        self._connect, self._clock, self._metrics = connect, clock, metrics
        self._stop = threading.Event()

    def run(self) -> None:
        looks = 0
        while not self._stop.wait(LOOK_SECONDS if looks else 1.0):
            try:
                self.look()
                if looks % LOOKS_A_DAYS_CHECK == 0:
                    self.check_days()
            except (KafkaException, TimeoutError, MySQLdb.Error) as error:
                facts = {"kind": type(error).__name__}
                logger.info("couldn't measure just now: %(kind)s", facts, extra=facts)
            looks += 1

    def stop(self) -> None:
        """Looks no more."""
        self._stop.set()

    def look(self) -> None:
        """Sends lag and freshness of each partition. Raises KafkaException."""
        partitions = self._partitions()
        self._metrics.gauge("persister.paused", sum(each.trouble is not None for each in partitions))
        self._metrics.gauge("persister.held", sum(each.held is not None for each in partitions))
        ends = self._view.ends(self._topic, [each.number for each in partitions]) if partitions else {}
        for each in partitions:
            if each.stored_offset is None:
                continue
            lag = max(0, ends[each.number] - each.stored_offset)
            tag = (f"partition:{each.number}",)
            self._metrics.gauge("persister.lag", lag, tag)
            if lag == 0:
                self._metrics.gauge("persister.freshness", 0, tag)
            elif each.stored_at is not None:
                self._metrics.gauge("persister.freshness", (self._clock.now() - each.stored_at).total_seconds(), tag)

    def check_days(self) -> None:
        """Alerts when the tables' days run out. Raises MySQLdb.Error."""
        connection = self._connect()
        try:
            ((last,),) = rows(connection, LAST_DAY)
        finally:
            connection.close()
        # The partition's bound is the day after its own, quoted.
        last_day = date.fromisoformat(str(last).strip("'")) - timedelta(days=1)
        ahead = (last_day - self._clock.now().date()).days
        self._metrics.gauge("persister.days_ahead", ahead)
        if ahead <= ALERT_DAYS:
            facts = {"days": ahead}
            logger.error("ALERT: tables exist for %(days)d more days: run `playlog migrate`", facts, extra=facts)
