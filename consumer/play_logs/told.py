"""Names the records of a batch that somebody may ask about, for the log."""

from collections.abc import Iterator, Sequence

from consumer.flush import Told
from consumer.play_logs.decode import Entry


def told_of(entries: Sequence[Entry], *, all_of_them: bool) -> Iterator[Told]:
    """Those that weren't stored whole: repeats, dead letters, unreadable ones; or all of them."""
    for entry in entries:
        is_whole = entry.outcome == "stored" and not entry.duplicate_items and not entry.dead_items
        if is_whole and not all_of_them:
            continue
        request = entry.request
        yield Told(
            offset=entry.booked.offset,
            request_id=None if request is None else str(request.request_id),
            traceparent=None if request is None else request.traceparent,
            outcome=entry.outcome,
            stored=entry.n_stored,
            duplicate=entry.n_duplicate,
            dead=entry.n_dead,
        )
