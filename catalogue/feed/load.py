"""Loads a feed file: all of it is read first, and nothing is loaded of a file in which a line is bad."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from MySQLdb.connections import Connection

from catalogue.feed.apply import Applier
from catalogue.feed.lines import ArtistLine, ReleaseLine, TrackLine
from catalogue.feed.places import Shop
from catalogue.feed.reader import BadFeed, BadLine, Feed, GoodLine, read_lines
from common.database import rows, run

NEVER = datetime(1970, 1, 1)  # noqa: DTZ001 - as the tables have moments, in UTC without a zone
#: Lines of one transaction.
CHUNK_LINES = 1_000
MOST_COMPLAINTS = 100

LAST_DAY = "SELECT MAX(day) FROM catalogue_feed WHERE kind = %s AND country = %s"
REMEMBER = """
INSERT INTO catalogue_feed (kind, country, day, sha256, line_count, loaded_at)
VALUES (%s, %s, %s, %s, %s, UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256), line_count = VALUES(line_count), loaded_at = VALUES(loaded_at)"""
#: What a full feed can leave out: what is sold in its country.
SOLD = {
    "track": """
SELECT track_id, MIN(release_id) FROM catalogue_right WHERE country = %s AND track_id > 0 GROUP BY track_id""",
    "release": "SELECT DISTINCT release_id, release_id FROM catalogue_right WHERE country = %s AND track_id = 0",
}


@dataclass
class Outcome:
    """What a load did."""

    lines: int = 0
    releases: int = 0
    absent: int = 0
    bad: list[BadLine] = field(default_factory=list)
    bad_count: int = 0


def check(feed: Feed, tell: Callable[[int], object]) -> Outcome:
    """Reads the whole file, and counts; `tell` hears of lines. Raises BadFeed."""
    outcome = Outcome()
    for part in _chunks(read_lines(feed)):
        for each in part:
            if isinstance(each, BadLine):
                outcome.bad_count += 1
                if len(outcome.bad) < MOST_COMPLAINTS:
                    outcome.bad.append(each)
            else:
                outcome.lines += 1
        tell(len(part))
    return outcome


def refuse_older(connection: Connection, feed: Feed, shop: Shop, day: date) -> None:
    """Raises BadFeed when a newer feed of the kind and country was loaded, whose changes this one would take back."""
    ((last,),) = rows(connection, LAST_DAY, (feed.kind, shop.country))
    connection.rollback()
    if isinstance(last, date) and day < last:
        raise BadFeed(
            f"{feed.path}: the feed of {feed.kind}s of {shop.country} of {last} is loaded already, and this one is of"
            f" {day}: it would bring back what changed since. To load it all the same: --force"
        )


def load(
    connection: Connection, feed: Feed, shop: Shop, day: date, outcome: Outcome, tell: Callable[[int], object]
) -> Outcome:
    """Applies the file's good lines; killed in between, a second run does the rest. Raises BadFeed, MySQLdb.Error."""
    applier = Applier(connection, shop)
    seen: set[int] = set()
    for part in _chunks(read_lines(feed)):
        lines = [each for each in part if isinstance(each, GoodLine)]
        outcome.releases += applier.apply(lines)
        if not feed.is_update:
            seen |= {_id(each) for each in lines}
        tell(len(part))
    if not feed.is_update and feed.kind in SOLD:
        outcome.absent = _take_away_absent(connection, applier, feed, shop, seen)
    _remember(connection, feed, shop, day, outcome.lines)
    return outcome


def _take_away_absent(connection: Connection, applier: Applier, feed: Feed, shop: Shop, seen: set[int]) -> int:
    found = [row for row in rows(connection, SOLD[feed.kind], (shop.country,)) if row[0] not in seen]
    connection.rollback()
    for start in range(0, len(found), CHUNK_LINES):
        lines = [
            GoodLine(0, "D", _gone(feed.kind, number, release_id))  # type: ignore[arg-type]
            for number, release_id in found[start : start + CHUNK_LINES]
        ]
        applier.apply(lines)
    return len(found)


def _gone(kind: str, number: int, release_id: int) -> TrackLine | ReleaseLine:
    """A line that says nothing but that it is gone."""
    if kind == "track":
        return TrackLine(number, release_id, 0, "", None, (), (), None, None, None)
    return ReleaseLine(number, 0, "", None, None, None, (), (), None, None, NEVER)


def _id(each: GoodLine) -> int:
    match each.line:
        case TrackLine(track_id=number) | ReleaseLine(release_id=number) | ArtistLine(artist_id=number):
            return number
    raise TypeError


def _remember(connection: Connection, feed: Feed, shop: Shop, day: date, lines: int) -> None:
    digest = hashlib.sha256()
    try:
        with feed.path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise BadFeed(f"{feed.path} can't be read: {error}") from None
    run(connection, REMEMBER, (feed.kind, shop.country, day, digest.digest(), lines))
    connection.commit()


def _chunks(lines: Iterator[GoodLine | BadLine]) -> Iterator[list[GoodLine | BadLine]]:
    while part := list(itertools.islice(lines, CHUNK_LINES)):
        yield part
