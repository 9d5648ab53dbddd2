"""One flush: everything in the queue is sent, and is accepted, refused, or left for the next one."""

import random
import threading

from playlog_client.attempts import Attempts
from playlog_client.batch import Target
from playlog_client.crew import Crew
from playlog_client.delivery import Delivery
from playlog_client.options import Options, Outcome, Quiet
from playlog_client.spool import Spool
from playlog_client.tally import Tally
from playlog_client.timer import SystemTimer, Timer
from playlog_client.transport import Transport


def flush(
    spool: Spool, target: Target, options: Options, transport: Transport, timer: Timer | None, stopped: threading.Event
) -> Outcome:
    """Returns when each batch is decided or given up for now, or when `stopped` is set. Raises QueueBroken."""
    tally, quiet = Tally(), Quiet()
    attempts = Attempts(
        transport=transport,
        timer=timer or SystemTimer(stopped),
        rng=random.Random(),
        tally=tally,
        progress=quiet,
        stopped=stopped,
        give_up_after_seconds=options.give_up_after,
        compress=options.compress,
    )
    delivery = Delivery(attempts, spool)
    Crew(spool.batches(target, options.most_logs), delivery.deliver, stopped).run(options.connections)
    problem = tally.stopped_because or (quiet.last if tally.given_up else None)
    return Outcome(tally.accepted, tally.refused, len(spool), problem)
