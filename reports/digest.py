"""A day's plays summed in the ways that a person asks for them: what the page shows beside the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.workbench import Workbench

#: The page shows so many tracks, and how many there are.
TOP_TRACKS = 20
#: Play modes of plays that were not streamed at that moment.
OFFLINE_MODES = frozenset({"offline", "online-cached"})


@dataclass(frozen=True)
class Sums:
    """Plays, seconds, different listeners (by client and id), and plays of at least 30 s, of one group of plays."""

    key: tuple[Any, ...]
    plays: int
    seconds: int
    listeners: int
    plays_30s: int


@dataclass(frozen=True)
class Digest:
    """The day's plays by client and stream, hour of receipt (UTC), country, mode, track, and day of play (UTC)."""

    total: Sums
    by_client: Sequence[Sums]
    by_hour: Sequence[Sums]
    by_country: Sequence[Sums]
    by_mode: Sequence[Sums]
    by_played_day: Sequence[Sums]
    top_tracks: Sequence[Sums]
    tracks: int

    @property
    def offline_plays(self) -> int:
        return sum(each.plays for each in self.by_mode if each.key[0] in OFFLINE_MODES)


def digest_of(bench: Workbench) -> Digest:
    """Sums up what the workbench holds."""
    hours = {each.key[0]: each for each in _sums(bench, "hour")}
    return Digest(
        total=_sums(bench)[0],
        by_client=_sums(bench, "client", "stream"),
        by_hour=[hours.get(hour, Sums((hour,), 0, 0, 0, 0)) for hour in range(24)],
        by_country=_most_first(_sums(bench, "country")),
        by_mode=_most_first(_sums(bench, "play_mode")),
        by_played_day=_sums(bench, "played_day"),
        top_tracks=[Sums(row[:1], *row[1:]) for row in bench.most_played("track_id", TOP_TRACKS)],
        tracks=bench.tracks(),
    )


def _sums(bench: Workbench, *columns: str) -> list[Sums]:
    width = len(columns)
    return [Sums(tuple(row[:width]), *row[width:]) for row in bench.sums_by(*columns)]


def _most_first(groups: Sequence[Sums]) -> list[Sums]:
    """By plays; groups of as many keep the order of their keys."""
    return sorted(groups, key=lambda each: -each.plays)
