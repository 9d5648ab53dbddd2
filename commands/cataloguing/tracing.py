"""`playlog catalogue trace`."""

import argparse
import sys

from catalogue.proof.hops import region_hops, release_of_track, source_hops
from commands.cataloguing.desk import Desk


def trace(desk: Desk, args: argparse.Namespace) -> int:
    """Each hop of one release, in every place for which there are settings."""
    release_id = args.id
    if args.track:
        release_id = _release_of(desk, args.id)
        if release_id is None:
            print(f"No release has track {args.id}.", file=sys.stderr)
            return 1
        print(f"track {args.id} is on release {release_id}")
    hops = []
    if desk.has("DATACENTRE_DB_URL"):
        with desk.datacentre() as connection:
            hops += list(source_hops(connection, release_id))
    if desk.has("REGION_DB_URL"):
        with desk.region() as connection:
            hops += list(region_hops(connection, release_id, args.records))
    for place, what in hops:
        print(f"{place:<10} {what}")
    return 0 if any(what not in {"never heard of it", "has never had it"} for _, what in hops) else 1


def _release_of(desk: Desk, track_id: int) -> int | None:
    for name, opened in (("DATACENTRE_DB_URL", desk.datacentre), ("REGION_DB_URL", desk.region)):
        if desk.has(name):
            with opened() as connection:
                found = release_of_track(connection, track_id)
            if found is not None:
                return found
    return None
