"""`playlog move add`, `ratio`, `remove`, `shadow` and `forget`."""

import argparse
import sys
from dataclasses import replace

from tqdm import tqdm

from catalogue.proof.region_leg import look_at_region
from commands.mover.desk import Desk
from commands.mover.waiting import wait_until_served
from common.catalogue import instant
from common.database import any_rows
from moving import gate, table
from moving.evidence import read_evidence
from moving.gate import Bounds, Finding, Proof
from moving.plan import BadPlan, Move, Plan, natural_by

COUNT = "SELECT COUNT(*) FROM catalogue_release"
CLIENT = "SELECT 1 FROM client WHERE name = %s AND revoked_at IS NULL"
REFUSED = 1


def add(desk: Desk, args: argparse.Namespace) -> int:
    """One move more, when the gate lets it through."""
    by = args.by or natural_by(args.path, args.client, args.track)
    wanted = Move(0, args.path, args.client, args.track, args.ratio, by)
    # What can't be is said before anything is looked at.
    table.newest(desk.connection).with_move(wanted)
    if args.client and not any_rows(desk.connection, CLIENT, (args.client,)):
        raise BadPlan(f"there is no client {args.client}: playlog clients list prints those there are")
    finding = _pass_gate(desk, wanted, args)
    if finding is None:
        return REFUSED
    plan = desk.change(
        "add",
        lambda before: before.with_move(replace(wanted, number=before.version + 1)),
        lambda _, after: f"move {after.version}: {wanted.about()}",
        args.reason,
        dict(finding.facts),
    )
    print(f"move {plan.version}: {wanted.about()}")
    return wait_until_served(desk, plan.version, args.wait)


def ratio(desk: Desk, args: argparse.Namespace) -> int:
    """Another share of a move: more of it passes the gate first, less of it always may."""
    plan = table.newest(desk.connection)
    before = plan.move(args.move)
    after = plan.with_share(args.move, args.ratio, args.by).move(args.move)
    finding = None
    if after.share > before.share:
        finding = _pass_gate(desk, after, args)
        if finding is None:
            return REFUSED
    made = desk.change(
        "ratio",
        lambda found: found.with_share(args.move, args.ratio, args.by),
        lambda found, changed: (
            f"move {args.move}: {changed.move(args.move).about()}, from {found.move(args.move).share:g} %"
        ),
        args.reason,
        dict(finding.facts) if finding else None,
    )
    print(f"move {args.move}: {made.move(args.move).about()}")
    return wait_until_served(desk, made.version, args.wait)


def remove(desk: Desk, args: argparse.Namespace) -> int:
    """Back to the legacy API, at once and without a question."""

    def make(before: Plan) -> Plan:
        return before.without([each.number for each in before.moves] if args.all else [args.move])

    def about(before: Plan, after: Plan) -> str:
        gone = [each for each in before.moves if each not in after.moves]
        return "; ".join(f"move {each.number}: {each.about()}" for each in gone) or "nothing was moved"

    plan = desk.change("remove", make, about, args.reason)
    print("everything goes to the legacy API" if not plan.moves else f"move {args.move} is taken back")
    return wait_until_served(desk, plan.version, args.wait)


def shadow(desk: Desk, args: argparse.Namespace) -> int:
    """How much is compared."""
    plan = desk.change(
        "shadow",
        lambda before: before.with_shadow(args.share),
        lambda before, after: f"{after.shadow:g} % of the comparable requests are compared, from {before.shadow:g} %",
        args.reason,
    )
    print(f"{plan.shadow:g} % of the comparable requests are compared")
    return wait_until_served(desk, plan.version, args.wait)


def forget(desk: Desk, args: argparse.Namespace) -> int:
    """An nginx that is gone, and couldn't say so."""
    if table.forget(desk.connection, args.name):
        print(f"{args.name} is forgotten")
        return 0
    print(f"{args.name} lives, or isn't known: playlog move list names them.", file=sys.stderr)
    return REFUSED


def _pass_gate(desk: Desk, wanted: Move, args: argparse.Namespace) -> Finding | None:
    """What the gate found; None when it stays shut. --force passes it, and what was against it is kept."""
    evidence = read_evidence(desk.connection, *wanted.scope, args.least)
    found = gate.decide(evidence, _prove(desk), Bounds(args.least, args.slower))
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(evidence.verdicts.items())) or "none"
    of = f", of {evidence.tracks} tracks" if evidence.tracks > 1 else ", of one track" if evidence.tracks else ""
    print(f"compared: {counts}{of}; p95 {evidence.our_p95_ms:.1f} ms, legacy {evidence.legacy_p95_ms:.1f} ms")
    print(f"catalogue: {found.facts['proof']['words']}")
    if found.is_open:
        return found
    for reason in found.against:
        print(f"against it: {reason}", file=sys.stderr)
    if args.force:
        print("moved all the same, by --force")
        return Finding(found.against, {**found.facts, "forced": True})
    print("Nothing is moved. With a reason it can be: --force --reason '…'.", file=sys.stderr)
    return None


def _prove(desk: Desk) -> Proof:
    """The second leg of playlog catalogue verify: every document of the region is hashed."""
    ((total,),) = any_rows(desk.connection, COUNT)
    with tqdm(total=total, unit="release", desc="region", delay=1, leave=False) as bar:
        state = look_at_region(desk.connection, desk.config.topic, bar.update)
    if not state.positions:
        return Proof(is_equal=False, words="the region has read nothing of it yet")
    if not state.is_equal:
        return Proof(is_equal=False, words="NOT EQUAL to what was published")
    if state.unproved:
        return Proof(is_equal=False, words="the region still reads: not every partition has met a checkpoint")
    as_of = f", with everything until {instant(state.as_of)}" if state.as_of else ""
    return Proof(is_equal=True, words=f"published and region equal, {len(state.held)} releases{as_of}")
