"""Alerts while there is time when the tables' days run out."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

from MySQLdb.connections import Connection

from common.clock import Clock
from common.database import rows
from common.metrics import Metrics

logger = logging.getLogger(__name__)

ALERT_DAYS = 3

LAST_DAY = """
    SELECT MAX(partition_description) FROM information_schema.partitions
    WHERE table_schema = DATABASE() AND table_name = 'play_log'"""


def check_days(connect: Callable[[], Connection], clock: Clock, metrics: Metrics) -> None:
    """Measures how many days there are partitions for. Raises MySQLdb.Error."""
    connection = connect()
    try:
        ((last,),) = rows(connection, LAST_DAY)
    finally:
        connection.close()
    # The partition's bound is the day after its own, quoted.
    last_day = date.fromisoformat(str(last).strip("'")) - timedelta(days=1)
    ahead = (last_day - clock.now().date()).days
    metrics.gauge("persister.days_ahead", ahead)
    if ahead <= ALERT_DAYS:
        facts = {"days": ahead}
        logger.error("ALERT: tables exist for %(days)d more days: run `playlog migrate`", facts, extra=facts)
