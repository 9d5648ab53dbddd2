"""What the page of a day shows, made ready for the template: shares, comparisons, charts, the proof in sentences."""

from collections.abc import Sequence
from typing import Any

from reports.balance import difference
from reports.context import Context, DayTotals, TrackName
from reports.day_charts import by_first, charts_of, days_before
from reports.digest import Digest, Sums
from reports.findings import Findings
from reports.markup import UNKNOWN, change
from reports.plain_words import proof_sentences

WEEK_DAYS = 7
NAMELESS = TrackName(UNKNOWN, 0, UNKNOWN, UNKNOWN)

Row = tuple[tuple[Any, ...], Sums]


class View:
    """All of it; pure, from what was found."""

    def __init__(self, findings: Findings, digest: Digest, context: Context) -> None:
        self._findings, self._digest, self._context = findings, digest, context
        self._day, self._total = findings.day, digest.total
        self.days: Sequence[DayTotals] = context.before[::-1]
        self.proof = proof_sentences(findings, digest)
        self.charts = charts_of(self._day, digest, context)

    @staticmethod
    def keyed(groups: Sequence[Sums]) -> list[Row]:
        """Groups with the cells that name them: a play without a mode has a dash."""
        return [(tuple(UNKNOWN if part in (None, "") else part for part in each.key), each) for each in groups]

    @property
    def tracks(self) -> list[Row]:
        """The top tracks by number, and by name where the catalogue knows them."""
        made: list[Row] = []
        for each in self._digest.top_tracks:
            name = self._context.tracks.get(each.key[0], NAMELESS)
            made.append(((each.key[0], name.title, name.artist, name.release), each))
        return made

    @property
    def played(self) -> list[Row]:
        """The days of play, the latest first, each with how long before it was."""
        return [((each.key[0], days_before(self._day, each)), each) for each in self._digest.by_played_day[::-1]]

    @property
    def late_plays(self) -> int:
        return sum(each.plays for each in self._digest.by_played_day if days_before(self._day, each) > 0)

    @property
    def on_late(self) -> list[str]:
        oldest = max((days_before(self._day, each) for each in self._digest.by_played_day), default=0)
        return [f"the oldest {oldest} {'day' if oldest == 1 else 'days'} before"] if oldest > 0 else []

    @property
    def on_before(self) -> list[str]:
        """The plays beside the day before and the same weekday a week before."""
        spans = ((1, "the day before"), (WEEK_DAYS, "a week before"))
        found = ((self._context.day_before(self._day, days), name) for days, name in spans)
        return [f"{change(self._total.plays, then.plays)} to {name}" for then, name in found if then is not None]

    @property
    def clients_before(self) -> list[tuple[str, int, str, str]]:
        """Each client's plays beside those of the day and the week before; one that has gone silent is there too."""
        plays = by_first(self._digest.by_client)
        then = [self._context.day_before(self._day, days) for days in (1, WEEK_DAYS)]
        clients = plays.keys() | {name for each in then if each for name in each.clients}

        def changed(client: str, before: DayTotals | None) -> str:
            return change(plays.get(client, 0), before.clients.get(client) if before else None)

        return [(name, plays.get(name, 0), changed(name, then[0]), changed(name, then[1])) for name in sorted(clients)]

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """What became of each client's logs."""
        counts = self._findings.counts
        return [
            {
                "client": account[0],
                "stream": account[1],
                "is_test": account[2],
                "tally": tally,
                "replayed": counts.replayed(account),
                "balance": difference(counts, account, tally),
            }
            for account, tally in counts.by_account().items()
            if account[0] is not None
        ]
