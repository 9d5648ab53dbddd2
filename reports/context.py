"""What a day's page says beside the day's own data: names from the catalogue, and the days before.

Both change later. They are kept with the report as they stood when it was first made, so that the page made again has
the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from reports.books import ONE_DAY
from reports.digest import Digest, Sums

#: The page compares with so many days before.
DAYS_BEFORE = 14


@dataclass(frozen=True)
class TrackName:
    """A track as a person knows it."""

    title: str
    artist_id: int
    artist: str
    release: str


@dataclass(frozen=True)
class DayTotals:
    """A final report's sums; None where an earlier version of Playlog didn't keep them. `clients` has plays."""

    day: date
    state: str
    revision: int
    plays: int
    seconds: int | None = None
    listeners: int | None = None
    plays_30s: int | None = None
    offline_plays: int | None = None
    clients: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """`tracks` names the top tracks that the catalogue knows; `artists` sums what is played of each, the most first."""

    before: Sequence[DayTotals] = ()
    tracks: Mapping[int, TrackName] = field(default_factory=dict)
    artists: Sequence[Sums] = ()
    #: Plays of tracks that the catalogue knows.
    known_plays: int = 0

    def day_before(self, day: date, days: int = 1) -> DayTotals | None:
        """The totals of so many days before, if there is a final report of them."""
        return next((each for each in self.before if each.day == day - days * ONE_DAY), None)


def totals_of(digest: Digest) -> dict[str, Any]:
    """What a later day's page compares itself with."""
    clients: dict[str, int] = {}
    for each in digest.by_client:
        clients[each.key[0]] = clients.get(each.key[0], 0) + each.plays
    total = digest.total
    sums = {"plays": total.plays, "seconds": total.seconds, "listeners": total.listeners, "plays_30s": total.plays_30s}
    return sums | {"offline_plays": digest.offline_plays, "clients": clients}


def context_text(context: Context, digest: Digest) -> str:
    """The context, and the day's own totals, as the report table keeps them."""
    before = [asdict(each) | {"day": each.day.isoformat()} for each in context.before]
    document = {
        "before": before,
        "tracks": {str(number): asdict(name) for number, name in context.tracks.items()},
        "artists": [[*each.key, each.plays, each.seconds, each.listeners, each.plays_30s] for each in context.artists],
        "known_plays": context.known_plays,
        "totals": totals_of(digest),
    }
    return json.dumps(document, ensure_ascii=False)


def read_context(text: str) -> Context:
    """The context that was kept."""
    document = json.loads(text)
    return Context(
        before=[DayTotals(**each | {"day": date.fromisoformat(each["day"])}) for each in document["before"]],
        tracks={int(number): TrackName(**name) for number, name in document["tracks"].items()},
        artists=[Sums((row[0], row[1]), *row[2:]) for row in document["artists"]],
        known_plays=document["known_plays"],
    )


def read_totals(day: date, state: str, revision: int, rows: int, text: str | None) -> DayTotals:
    """A day before, from its row of the report table; without a context its number of rows is all that is known."""
    if text is None:
        return DayTotals(day, state, revision, rows)
    return DayTotals(day, state, revision, **json.loads(text)["totals"])
