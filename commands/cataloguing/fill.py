"""`playlog catalogue load-feed` and `sample`."""

import argparse
import sys
from datetime import UTC, date, datetime

from MySQLdb.connections import Connection
from tqdm import tqdm

from catalogue.feed.load import Outcome, check, load, refuse_older
from catalogue.feed.places import Shop
from catalogue.feed.reader import BadFeed, Feed, look_into
from catalogue.sample.store import store_sample
from commands.cataloguing.desk import Desk


def load_feed(desk: Desk, args: argparse.Namespace) -> int:
    """Loads one file."""
    day = args.day or datetime.now(UTC).date()
    shop = Shop(args.country, args.currency)
    try:
        feed = look_into(args.file)
        with desk.datacentre() as connection:
            return _load(connection, feed, shop, day, args)
    except BadFeed as bad:
        print(bad, file=sys.stderr)
        return 1


def _load(connection: Connection, feed: Feed, shop: Shop, day: date, args: argparse.Namespace) -> int:
    if not args.force:
        refuse_older(connection, feed, shop, day)
    with tqdm(unit="line", desc="reading", delay=1, leave=False) as bar:
        outcome = check(feed, bar.update)
    if outcome.bad_count and not _goes_on(feed, outcome, is_skipping=args.skip_bad):
        return 1
    total = outcome.lines + outcome.bad_count
    with tqdm(total=total, unit="line", desc="loading", delay=1) as bar:
        load(connection, feed, shop, day, outcome, bar.update)
    form = "updates" if feed.is_update else "a full feed"
    print(
        f"{outcome.lines} lines of {feed.kind}s ({form}, {shop.country}, {day}): {outcome.releases} releases changed."
    )
    if outcome.absent:
        print(f"{outcome.absent} {feed.kind}s that it doesn't name aren't sold in {shop.country} any more.")
    return 0


def _goes_on(feed: Feed, outcome: Outcome, *, is_skipping: bool) -> bool:
    for each in outcome.bad:
        print(f"{feed.path}, line {each.number}: {each.reason}", file=sys.stderr)
    more = outcome.bad_count - len(outcome.bad)
    if more:
        print(f"… and {more} more bad lines", file=sys.stderr)
    if is_skipping:
        print(f"{outcome.bad_count} bad lines are left out.", file=sys.stderr)
        return True
    print(f"Nothing was loaded. {outcome.lines} lines are good: --skip-bad loads those.", file=sys.stderr)
    return False


def sample(desk: Desk, args: argparse.Namespace) -> int:
    """Makes up a catalogue."""
    tracks = 0
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    with desk.datacentre() as connection, tqdm(total=args.releases, unit="release", delay=1) as bar:

        def tell(releases: int, their_tracks: int) -> None:
            nonlocal tracks
            tracks += their_tracks
            bar.update(releases)

        store_sample(connection, args.releases, args.seed, today, tell)
    print(f"{args.releases} releases with {tracks} tracks are in the catalogue.")
    return 0
