"""Makes a day's context: asks the catalogue whose the tracks are, and the report table about the days before."""

import logging
from datetime import date
from typing import Protocol

import MySQLdb

from common.database_errors import NOT_ALLOWED
from reports.books import ONE_DAY
from reports.context import DAYS_BEFORE, Context, DayTotals, TrackName
from reports.digest import Digest, Sums
from reports.workbench import Workbench

logger = logging.getLogger(__name__)

TOP_ARTISTS = 20
#: Of one question to the catalogue.
MOST_IDS = 2_000


class Sources(Protocol):
    """What the context is made from. Both methods raise MySQLdb.Error."""

    def track_names(self, ids: list[int]) -> dict[int, TrackName]:
        """Those of these tracks that the catalogue knows."""

    def totals_between(self, first: date, last: date) -> list[DayTotals]:
        """The final reports of these days, the newest edition of each, in order."""

    def stay_alive(self) -> None:
        """Keeps the session."""


def make_context(sources: Sources, bench: Workbench, digest: Digest, day: date) -> Context:
    """The day's context as of now. Raises MySQLdb.Error or SumsFailed."""
    before = sources.totals_between(day - DAYS_BEFORE * ONE_DAY, day - ONE_DAY)
    try:
        names, known_plays = _names(sources, bench, [each.key[0] for each in digest.top_tracks])
    except MySQLdb.Error as error:
        # A release that came before its grants.sql: the names are missing, and nothing else is.
        if not error.args or error.args[0] not in NOT_ALLOWED:
            raise
        facts = {"error": error.args[0]}
        logger.warning("the report names no track: the catalogue can't be read (%(error)s); run grants.sql", facts)
        return Context(before)
    artists = [Sums(tuple(row[:2]), *row[2:]) for row in bench.top_artists(TOP_ARTISTS)]
    return Context(before, names, artists, known_plays)


def _names(sources: Sources, bench: Workbench, wanted: list[int]) -> tuple[dict[int, TrackName], int]:
    """The names of the wanted tracks; whose the other tracks are goes to the workbench."""
    top = frozenset(wanted)
    names: dict[int, TrackName] = {}
    for ids in bench.track_ids(MOST_IDS):
        found = sources.track_names(ids)
        bench.name_artists([(number, name.artist_id, name.artist) for number, name in found.items()])
        names |= {number: name for number, name in found.items() if number in top}
    return names, bench.known_plays()
