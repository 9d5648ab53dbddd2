"""`playlog catalogue publish` and `takedown`: asks, and shows how far the producer is."""

import argparse
import sys
import time

from MySQLdb.connections import Connection
from tqdm import tqdm

from catalogue.publishing.asking import NotAllowed, adopt_topic, ask_for_all, ask_for_releases, load_state, places_of
from catalogue.source.removal import delete_releases
from commands.cataloguing.desk import Desk

#: Between two looks at how far the producer is.
LOOK_SECONDS = 0.2
#: A producer takes up what is asked for within a second.
SILENCE_SECONDS = 20.0
NOT_DONE_YET = 75
NO_PRODUCER = "The producer doesn't move: is `playlog catalogue-produce` running? What was asked for stays asked for."


def publish(desk: Desk, args: argparse.Namespace) -> int:
    """One album, or everything."""
    if args.release and args.adopt_topic:
        print("--adopt-topic goes with --all.", file=sys.stderr)
        return 2
    with desk.datacentre() as connection:
        try:
            if args.release:
                wanted = ask_for_releases(connection, args.release)
                return 0 if args.no_wait else wait_for_releases(connection, wanted)
            if args.adopt_topic:
                adopt_topic(connection)
            number = ask_for_all(connection, desk.operator, takes_fewer=args.fewer)
        except NotAllowed as reason:
            print(reason, file=sys.stderr)
            return 1
        print(f"Whole load {number} is asked for.")
        return 0 if args.no_wait else _watch_load(connection, number)


def wait_for_releases(connection: Connection, wanted: dict[int, int]) -> int:
    """Waits until these versions, or later ones, are acknowledged, and says where."""
    deadline = time.monotonic() + SILENCE_SECONDS
    left = dict(wanted)
    while left:
        found = places_of(connection, left)
        for release_id, (version, partition, offset, is_takedown) in sorted(found.items()):
            if version >= left.get(release_id, version + 1):
                what = "its takedown, version" if is_takedown else "version"
                print(f"Release {release_id}: {what} {version} is at partition {partition}, offset {offset}.")
                del left[release_id]
        if time.monotonic() > deadline:
            print(NO_PRODUCER, file=sys.stderr)
            return NOT_DONE_YET
        if left:
            time.sleep(LOOK_SECONDS)
    return 0


def _watch_load(connection: Connection, number: int) -> int:
    moved_at, last = time.monotonic(), (-1, "")
    with tqdm(unit="release") as bar:
        while True:
            state, total, sent = load_state(connection, number)
            if (sent, state) != last:
                moved_at, last = time.monotonic(), (sent, state)
            bar.total = total or None
            bar.update(sent - bar.n)
            if state == "done":
                break
            if time.monotonic() - moved_at > SILENCE_SECONDS:
                bar.close()
                print(NO_PRODUCER, file=sys.stderr)
                return NOT_DONE_YET
            time.sleep(LOOK_SECONDS)
    print(f"Whole load {number} is published: {last[0]} releases.")
    return 0


def takedown(desk: Desk, args: argparse.Namespace) -> int:
    """Out of the catalogue; the producer tells every region."""
    with desk.datacentre() as connection:
        found = delete_releases(connection, args.release)
    for release_id in args.release:
        print(f"Release {release_id} is deleted." if release_id in found else f"There is no release {release_id}.")
    return 0 if len(found) == len(set(args.release)) else 1
