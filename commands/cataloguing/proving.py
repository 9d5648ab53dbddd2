"""`playlog catalogue verify` and `repair`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from catalogue.proof.difference import BadFile, Difference, read_differences, write_differences
from catalogue.proof.log import LogAway, read_log
from catalogue.proof.published_leg import prove_published
from catalogue.proof.region_leg import RegionState, compare_with_log, look_at_region
from catalogue.source.versions import raise_above
from commands.cataloguing.desk import Desk
from commands.cataloguing.publish import wait_for_releases
from common.catalogue import instant
from common.database import any_rows
from common.kafka import KafkaException

MOST_SHOWN = 20
EQUAL, NOT_EQUAL, NOT_YET = 0, 1, 75
COUNT = "SELECT COUNT(*) FROM catalogue_release"


def verify(desk: Desk, args: argparse.Namespace) -> int:
    """Both legs, or the one for which there are settings."""
    legs = [args.leg] if args.leg else _legs(desk)
    if not legs:
        print(
            "Set DATACENTRE_DB_URL for the first leg, REGION_DB_URL and KAFKA_BOOTSTRAP for the second.",
            file=sys.stderr,
        )
        return 2
    found: list[Difference] = []
    statuses = {EQUAL}
    try:
        if "published" in legs:
            differences, is_equal = _first_leg(desk)
            found += differences
            statuses.add(EQUAL if is_equal else NOT_EQUAL)
        if "region" in legs:
            differences, status = _second_leg(desk, reads_log=args.from_log)
            found += differences
            statuses.add(status)
    except (KafkaException, LogAway, TimeoutError) as error:
        print(f"Not proved: the topic can't be read: {error}", file=sys.stderr)
        return 1
    if args.output is not None:
        with args.output.open("w") as out:
            write_differences(out, found)
    return next(status for status in (NOT_EQUAL, NOT_YET, EQUAL) if status in statuses)


def _legs(desk: Desk) -> list[str]:
    wanted = (("published", "DATACENTRE_DB_URL"), ("region", "REGION_DB_URL"))
    return [leg for leg, name in wanted if desk.has(name)]


def _first_leg(desk: Desk) -> tuple[list[Difference], bool]:
    with desk.datacentre() as connection, tqdm(unit="release", desc="source", delay=1, leave=False) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done)

        proof = prove_published(connection, tell)
    waiting = f", {proof.excused} of them changed and not sent yet" if proof.excused else ""
    print(f"source and published: {_word(equal=proof.is_equal)}. {proof.releases} releases{waiting}.")
    for partition in proof.wrong_sums:
        print(f"  partition {partition}: the kept sum isn't that of what is published there")
    _show(proof.differences)
    return proof.differences, proof.is_equal


def _second_leg(desk: Desk, *, reads_log: bool) -> tuple[list[Difference], int]:
    with desk.region() as connection:
        ((total,),) = any_rows(connection, COUNT)
        with tqdm(total=total, unit="release", desc="region", delay=1, leave=False) as bar:
            state = look_at_region(connection, desk.kafka.topic, bar.update)
    found = state.differences
    if not state.positions:
        print("published and region: the region has read nothing of the topic yet.")
        return found, NOT_YET
    for partition in state.wrong_checkpoints:
        print(f"  partition {partition}: the last checkpoint says something else than the region had")
    for partition in state.wrong_sums:
        print(f"  partition {partition}: the tables don't add up to what was stored")
    if reads_log or not state.is_equal:
        found = _by_the_log(desk, state)
        is_equal = not found and (reads_log or state.is_equal)
    else:
        is_equal = True
    if is_equal and state.unproved:
        numbers = ", ".join(map(str, state.unproved))
        print(
            f"published and region: nothing differs in {len(state.held)} releases so far, but the region still reads:"
            f" no checkpoint has come in partitions {numbers}. Try again in a while."
        )
        return found, NOT_YET
    as_of = f", with everything until {instant(state.as_of)}" if state.as_of else ""
    print(f"published and region: {_word(equal=is_equal)}. {len(state.held)} releases{as_of}.")
    _show(found)
    return found, EQUAL if is_equal else NOT_EQUAL


def _by_the_log(desk: Desk, state: RegionState) -> list[Difference]:
    """Reads the topic up to where the region has read it: it names what differs."""
    ends = {number: offset for number, (_, offset) in state.positions.items()}
    starts = desk.view.starts(desk.kafka.topic, list(ends))
    total = sum(max(0, ends[number] - starts[number]) for number in ends)
    with tqdm(total=total, unit="record", desc="topic", delay=1, leave=False) as bar:
        log = read_log(desk.kafka, starts, ends, bar.update)
    return compare_with_log(state, log)


def repair(desk: Desk, args: argparse.Namespace) -> int:
    """Publishes just what differs, above every version that anybody has seen of it."""
    try:
        wanted = _wanted(desk, args.release or [], args.differences)
    except BadFile as bad:
        print(bad, file=sys.stderr)
        return 2
    if not wanted:
        print("Nothing differs.")
        return 0
    with desk.datacentre() as connection:
        for release_id, version in sorted(wanted.items()):
            raise_above(connection, release_id, version)
        connection.commit()
        print(f"{len(wanted)} releases are published anew.")
        if args.no_wait:
            return 0
        return wait_for_releases(connection, {each: wanted[each] + 1 for each in wanted})


def _wanted(desk: Desk, named: Sequence[int], file: Path | None) -> dict[int, int]:
    """The releases and, of each, the highest version that anybody has."""
    found = [Difference(each, "named by the operator") for each in named]
    if file is not None:
        found += read_differences(file)
    elif not named:
        found += _first_leg(desk)[0]
    wanted: dict[int, int] = {}
    for each in found:
        seen = max(each.expected_version or 0, each.found_version or 0)
        wanted[each.release_id] = max(seen, wanted.get(each.release_id, 0))
    return wanted


def _word(*, equal: bool) -> str:
    return "equal" if equal else "NOT EQUAL"


def _show(found: Sequence[Difference]) -> None:
    for each in found[:MOST_SHOWN]:
        print(f"  {each.sentence()}")
    if len(found) > MOST_SHOWN:
        print(f"  … and {len(found) - MOST_SHOWN} more: --output FILE has all")
