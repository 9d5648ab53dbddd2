"""Adds up what `make test` did: seconds against their budgets, and `N passed, N failed` alone on the last line.

Reads build/steps/*.json (tests/step.py) and build/junit/*/*.xml (tests/run.py); `make test` empties both first.
usage: python3 -m tests.summary [--line]        --line: the last line alone
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

BUILD = Path("build")
#: So much of what a failed test says is shown: lines, and characters of each.
LINES, LINE = 12, 300
SUITES = ("unit", "integration", "gateway", "catalogue", "moving", "infra", "pages", "faults", "smoke")


@dataclass(frozen=True)
class Budget:
    """How many seconds some steps may take together."""

    label: str
    steps: tuple[str, ...]
    seconds: float


BUDGETS = (
    Budget("set-up", ("setup",), 120),
    Budget("lint and types", ("lint", "types"), 60),
    Budget("unit", ("unit",), 60),
    Budget("integration", ("integration",), 300),
    Budget("gateway", ("gateway",), 90),
    Budget("catalogue", ("catalogue",), 120),
    Budget("moving", ("moving",), 60),
    Budget("infra", ("infra",), 150),
    Budget("pages", ("pages",), 60),
    Budget("faults", ("faults",), 120),
    Budget("smoke", ("smoke",), 40),
)
STEPS = tuple(step for budget in BUDGETS for step in budget.steps)


@dataclass
class Sums:
    """The counts of a run. Each complaint is one failure beside those of the tests."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    table: list[str] = field(default_factory=list)
    #: What the tests that failed say; near the end of the output, for a pipeline may show no more of it.
    failures: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    #: Why tests were skipped, and how many for that reason.
    reasons: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """The last line."""
        text = f"{self.passed} passed, {self.failed + len(self.complaints)} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text

    @property
    def is_good(self) -> bool:
        return self.passed > 0 and not self.failed and not self.complaints


def add_up(build: Path = BUILD) -> Sums:
    """Reads everything below `build`."""
    sums = Sums()
    steps = {path.stem: json.loads(path.read_text()) for path in sorted((build / "steps").glob("*.json"))}
    failures = {suite: _add_suite(sums, suite, build / "junit" / suite) for suite in SUITES if suite in steps}
    for step in STEPS:
        if step not in steps:
            sums.complaints.append(f"{step} did not run")
        elif steps[step]["status"] and not failures.get(step):
            sums.complaints.append(f"{step} ended with status {steps[step]['status']}")
    for budget in BUDGETS:
        taken = sum(steps[step]["seconds"] for step in budget.steps if step in steps)
        if any(steps[step].get("is_cold") for step in budget.steps if step in steps):
            # What is downloaded takes as long as the network makes it: the budgets are of a machine that has it.
            sums.table.append(f"{budget.label:<15} {taken:7.1f} s, with downloads")
            continue
        sums.table.append(f"{budget.label:<15} {taken:7.1f} s of {budget.seconds:.0f}")
        if taken > budget.seconds:
            sums.complaints.append(f"{budget.label} took {taken:.1f} s, over its budget of {budget.seconds:.0f} s")
    return sums


def _add_suite(sums: Sums, suite: str, folder: Path) -> int:
    """Adds one suite's files and returns how many tests failed."""
    total = failed = skipped = 0
    for path in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(path).getroot().iter("testcase"):  # noqa: S314 - we wrote the file ourselves
            total += 1
            if said := [each for tag in ("failure", "error") for each in case.iter(tag)]:
                failed += 1
                sums.failures += _told(suite, case, said[0])
            if (left_out := case.find("skipped")) is not None:
                skipped += 1
                sums.reasons[f"skipped, {suite}: {left_out.get('message')}"] += 1
    if total == 0:
        sums.complaints.append(f"{suite}: no test ran")
    sums.passed += total - failed - skipped
    sums.failed += failed
    sums.skipped += skipped
    return failed


def _told(suite: str, case: ElementTree.Element, said: ElementTree.Element) -> list[str]:
    """The test by which `make SUITE K=NAME` runs it again, and the end of what it said."""
    text = (said.text or said.get("message") or "").strip()
    name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
    return [f"failed, {suite}: {name}", *(f"    {line[:LINE]}" for line in text.splitlines()[-LINES:])]


def main(arguments: list[str]) -> int:
    """Prints the table, the complaints and the last line; 1 when anything failed."""
    sums = add_up()
    if "--line" not in arguments:
        reasons = [f"{reason} ({number})" for reason, number in sums.reasons.items()]
        print("", *sums.failures, *reasons, *sums.table, *sums.complaints, sep="\n")
    print(sums.line())
    return 0 if sums.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
