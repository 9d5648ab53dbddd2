"""A whole send: plans the batches, lets the crew deliver them, and ends with the counts."""

from collections.abc import Sequence

from playlog_client.batch import PREVIEWS, Target
from playlog_client.crew import Crew
from playlog_client.delivery import Delivery
from playlog_client.inputs import Inputs
from playlog_client.lines import CannotRead
from playlog_client.plan import Changed, planned
from playlog_client.state_file import BadState
from playlog_client.tally import Tally
from playlog_client.timer import Timer


def tally_of(inputs: Inputs) -> Tally:
    """The counts to begin with: what an earlier run did."""
    refused = {(each.file, each.line) for each in inputs.journal.refusals}
    return Tally(accepted_earlier=inputs.journal.accepted_logs, refused=len(refused))


def settle(inputs: Inputs, settlements: Sequence[tuple[str, bool]], timer: Timer) -> None:
    """Takes over what the operator said of undecided batches, by key: kept or not.

    Raises BadState for a key that none of them has.
    """
    for key, kept in settlements:
        if not inputs.journal.settle(key, timer.now().isoformat(), kept=kept):
            raise BadState(f"no batch of this state has the key {key}")


def ship(inputs: Inputs, delivery: Delivery, most_logs: int, connections: int, target: Target = PREVIEWS) -> Tally:
    """Sends all that is left of the inputs, in batches of so many logs. What ends it early is told in the counts."""
    if inputs.hint:
        delivery.progress.note(inputs.hint)
    if inputs.journal.refusals:
        delivery.progress.list_refused(inputs.journal.refusals)
    batches = planned(inputs.sources, inputs.journal, most_logs, delivery.tell_refused, target)
    try:
        Crew(batches, delivery.deliver, delivery.stopped).run(connections)
    except (CannotRead, Changed, OSError) as error:
        delivery.stop(str(error))
    except KeyboardInterrupt:
        delivery.stop("interrupted")
    delivery.progress.close()
    return delivery.tally
