"""All that is known of a day once its snapshot was read: the one thing that manifest and table are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.balance import Account, Counts
from reports.books import Gap, Span, lost_in
from reports.proof import PROVISIONAL, Loss
from reports.repeats import Repeats


@dataclass(frozen=True)
class Findings:
    """The day, its state and why, and what was counted."""

    day: date
    state: str
    reasons: Sequence[str]
    spans: Sequence[Span]
    gaps: Sequence[Gap]
    losses: Sequence[Loss]
    counts: Counts
    still_in_kafka: Mapping[int, int] | None = None
    imbalances: Sequence[str] = ()
    rows_written: Mapping[Account, int] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)
    #: Who has sent anything lately.
    known_clients: Sequence[str] = ()

    @property
    def file_rows(self) -> dict[str, int]:
        """The rows of each client's usage file, by name. A test client has none, an idle one has a header alone."""
        accounts = [account for account in self.counts.by_account() if not account[2]]
        rows = dict.fromkeys(self.known_clients, 0) | {client: 0 for client, _, _ in accounts if client is not None}
        for (client, _, _), written in self.rows_written.items():
            if client is not None:
                rows[client] = rows.get(client, 0) + written
        return dict(sorted(rows.items()))

    @property
    def is_final(self) -> bool:
        return self.state != PROVISIONAL

    def lost_at(self, span: Span) -> int:
        """Declared losses among the day's offsets of a partition."""
        return lost_in(span, self.gaps)
