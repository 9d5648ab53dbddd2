"""`playlog move list`, `history` and `report`."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import orjson

from commands.mover.desk import Desk
from commands.mover.waiting import sentence
from moving import table
from moving.report import ComparatorReport, FieldReport, PathReport, Report, read_comparators, read_report

MOST_SHOWN = 20


def show(desk: Desk, args: argparse.Namespace) -> int:
    """What is moved, and how each nginx stands."""
    plan = table.newest(desk.connection)
    found = table.instances(desk.connection)
    comparators = read_comparators(desk.connection)
    if args.json:
        facts = {"version": plan.version, "shadow": plan.shadow, "moves": [asdict(move) for move in plan.moves]}
        nginx = [asdict(each) | {"is_live": each.is_live} for each in found]
        _print_json(facts | {"nginx": nginx, "comparators": [asdict(each) for each in comparators]})
        return 0
    print(f"version {plan.version}; {plan.shadow:g} % of the comparable requests are compared")
    if not plan.moves:
        print("nothing is moved: everything goes to the legacy API")
    for move in plan.moves:
        print(f"move {move.number:<4} {move.about()}")
    for each in found:
        print(f"nginx     {sentence(each)}")
    if not found:
        print("nginx     none follows: start playlog moves follow beside each")
    for comparator in comparators:
        print(_comparator(comparator))
    if not any(each.is_live for each in comparators):
        print("comparator none: nothing is compared, and nothing goes back by itself (playlog moves compare)")
    return 0


def history(desk: Desk, args: argparse.Namespace) -> int:
    """Each version, the newest first, with its evidence."""
    found = table.history(desk.connection, args.last)
    if args.json:
        _print_json([asdict(each) for each in found])
        return 0
    for each in found:
        print(f"{each.version:<5} {each.made_at:%Y-%m-%dT%H:%M:%SZ} {each.operator:<12} {each.action:<9} {each.about}")
        if each.reason:
            print(f"      reason: {each.reason}")
        for line in _evidence(each.evidence):
            print(f"      {line}")
    if not found:
        print("nothing was ever moved")
    return 0


def _evidence(facts: dict[str, object]) -> list[str]:
    if not facts:
        return []
    comparisons = facts.get("comparisons")
    if not isinstance(comparisons, dict):
        return ["evidence: " + ", ".join(f"{name} {value}" for name, value in facts.items())]
    counts = ", ".join(f"{count} {verdict}" for verdict, count in comparisons["verdicts"].items()) or "no comparison"
    lines = [
        f"evidence: {counts}; p95 {comparisons['our_p95_ms']:.1f} ms, legacy {comparisons['legacy_p95_ms']:.1f} ms"
    ]
    proof = facts.get("proof")
    if isinstance(proof, dict):
        lines.append(f"evidence: {proof['words']}")
    against = facts.get("against")
    if facts.get("forced") and isinstance(against, list):
        lines += [f"forced, though {each}" for each in against]
    return lines


def report(desk: Desk, args: argparse.Namespace) -> int:
    """What the comparisons say, as a table, JSON, or a page."""
    found = read_report(desk.connection, args.minutes, args.path, args.client, args.track)
    if args.html is not None:
        return _write_page(found, args.html)
    if args.json:
        _print_json(asdict(found))
        return 0
    print_table(found)
    return 0


def print_table(found: Report) -> None:
    """For a terminal."""
    print(f"the last {found.minutes} minutes")
    print(f"{'path':<26} {'compared':>8} {'moved':>7}", end=" ")
    print(f"{'equal':>7} {'noise':>6} {'differs':>7} {'slower':>6} {'failed':>6} {'p95 ms':>8} {'legacy':>8}")
    for path in found.paths:
        counts = path.verdicts
        print(
            f"{path.path:<26} {path.compared:>8} {path.moved:>7} {counts['equal']:>7} {counts['noise']:>6}"
            f" {counts['differs']:>7} {counts['slower']:>6} {counts['failed']:>6}"
            f" {path.our_p95_ms:>8.1f} {path.legacy_p95_ms:>8.1f}"
        )
    if not found.paths:
        print("nothing was compared: is a comparator there (playlog moves compare), and playlog move shadow above 0?")
    for path in found.paths:
        for each in path.fields[:MOST_SHOWN]:
            _print_field(path, each)
    for comparator in found.comparators:
        print(_comparator(comparator))


def _print_field(path: PathReport, each: FieldReport) -> None:
    print(f"\n{path.path} {each.name}: {each.verdict}, {each.count} times")
    for sample in each.samples:
        print(f"  legacy {sample.legacy!r}, ours {sample.ours!r}")
        print(f"    {sample.url} of {sample.client}, request {sample.request_id} at {sample.at}")


def _comparator(each: ComparatorReport) -> str:
    return (
        f"comparator {each.name}, heard of {each.silent_seconds} s ago: told of {each.told}, compared {each.compared},"
        f" dropped {each.dropped}, lost {each.lost}, without an answer of the legacy API {each.without_legacy}"
    )


def _write_page(found: Report, path: Path) -> int:
    from moving.page import render_page

    new = path.with_name(f"{path.name}.new")
    try:
        new.write_text(render_page(found))
        new.replace(path)
    except OSError as error:
        print(f"{path} can't be written: {error.strerror}", file=sys.stderr)
        return 1
    print(f"written to {path}")
    return 0


def _print_json(facts: object) -> None:
    print(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
