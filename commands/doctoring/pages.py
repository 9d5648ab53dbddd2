"""The findings as a person reads them, and as a machine does."""

from collections.abc import Sequence
from typing import Any

from commands.doctoring.finding import Finding

RIGHT, WRONG, UNKNOWN = 0, 1, 75


def status_of(findings: Sequence[Finding]) -> int:
    """The exit status."""
    states = {each.state for each in findings}
    if "wrong" in states:
        return WRONG
    return UNKNOWN if "unknown" in states else RIGHT


def lines_of(findings: Sequence[Finding], unset: Sequence[str], *, with_right: bool) -> list[str]:
    """What is wrong, each with what to do; then what couldn't be looked at; then, if wanted, what is right."""
    lines: list[str] = []
    for each in findings:
        if each.state == "wrong":
            lines += [f"WRONG  {each.part}: {each.name}: {each.found}", f"       {each.advice}"]
            lines.append(f"       docs/runbook.md: Doctor: {each.subject}")
    lines += [f"?      {each.part}: {each.name}: {each.advice}" for each in findings if each.state == "unknown"]
    lines += [f"-      not looked at: {each}" for each in unset]
    if with_right:
        lines += [f"right  {each.part}: {each.name}: {each.found}" for each in findings if each.state == "right"]
    counts = {state: sum(each.state == state for each in findings) for state in ("right", "wrong", "unknown")}
    sentence = f"{len(findings)} checks: {counts['right']} right, {counts['wrong']} wrong"
    return [*lines, f"{sentence}, {counts['unknown']} couldn't be made" if counts["unknown"] else sentence]


def document_of(findings: Sequence[Finding], unset: Sequence[str]) -> dict[str, Any]:
    """The same for machines."""
    return {
        "findings": [
            {"part": each.part, "name": each.name, "state": each.state, "found": each.found, "advice": each.advice}
            for each in findings
        ],
        "not_looked_at": list(unset),
        "wrong": sum(each.state == "wrong" for each in findings),
        "unknown": sum(each.state == "unknown" for each in findings),
    }
