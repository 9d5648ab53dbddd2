"""The gate: whether a URL may move, decided from evidence alone; each reason says what to do about it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from moving.evidence import Evidence

LEAST_COMPARED = 100
#: How much slower ours may be at p95, and what is never too slow.
SLOWEST_FACTOR = 1.5
SLOWEST_MS = 50.0


@dataclass(frozen=True)
class Proof:
    """Whether the region's copy is what was published, and in words what was looked at."""

    is_equal: bool
    words: str


@dataclass(frozen=True)
class Bounds:
    """What an operator may ask for instead."""

    least: int = LEAST_COMPARED
    slowest_factor: float = SLOWEST_FACTOR


@dataclass(frozen=True)
class Finding:
    """What the gate says: nothing against it, or why not."""

    against: tuple[str, ...]
    facts: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        return not self.against


def decide(evidence: Evidence, proof: Proof, bounds: Bounds) -> Finding:
    """Every reason at once."""
    against: list[str] = []
    if evidence.compared < bounds.least:
        against.append(
            f"only {evidence.compared} comparisons of it in the last day, {bounds.least} are wanted: wait for more, or"
            " compare a larger share (playlog move shadow 100)"
        )
    if evidence.against:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(evidence.against.items()))
        against.append(f"of the newest {evidence.compared} comparisons {counts}: see playlog move report")
    slowest = max(SLOWEST_MS, bounds.slowest_factor * evidence.legacy_p95_ms)
    if evidence.our_p95_ms > slowest:
        against.append(
            f"p95 of ours is {evidence.our_p95_ms:.1f} ms, beside {evidence.legacy_p95_ms:.1f} ms of the legacy API's:"
            f" the bound is {slowest:.1f} ms"
        )
    if not proof.is_equal:
        against.append(f"the region's catalogue isn't proved to be equal ({proof.words}): see playlog catalogue verify")
    facts = {"comparisons": evidence.facts(), "proof": asdict(proof), "bounds": asdict(bounds), "against": against}
    return Finding(tuple(against), facts)
