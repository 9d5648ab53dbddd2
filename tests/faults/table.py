"""Prints what the long fault tests found, a line a fault, and writes it to build/faults/table.md.

usage: python -m tests.faults.table
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.case import RESULTS

HEADINGS = ("fault", "acknowledged", "503", "unknown", "repeats", "lost", "doubled", "silent s", "back s", "test")


def read(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The results by the name of their test, in order."""
    return [(path.stem, json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))]


def cells(test: str, result: dict[str, Any]) -> Sequence[str]:
    """One line. Logs were acknowledged, lost and doubled; requests were refused, unknown and repeated."""
    lost = str(result["lost"])
    if result["declared_lost"]:
        lost += f" (declared: {result['declared_lost']})"
    recovered = result["recovered_seconds"]
    return (
        result["fault"] if not result["wrong"] else f"{result['fault']} (FAILED)",
        f"{result['acknowledged']:,}",
        str(result["refused_requests"]),
        str(result["unknown_requests"]),
        str(result["repeats"]),
        lost,
        str(result["doubled"]),
        f"{result['silence_seconds']:.1f}",
        "" if recovered is None else f"{recovered:.1f}",
        test,
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """The table as docs/reliability.md has it."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Prints and writes the table; 1 when there is nothing to show."""
    rows = [cells(test, result) for test, result in read(RESULTS)]
    if not rows:
        print(f"no result in {RESULTS}: run `make faults`", file=sys.stderr)
        return 1
    print("\nacknowledged, lost, doubled: logs; 503 (nothing kept), unknown, repeats: requests;")
    print("silent: the longest time without a 200; back: from the mending to a later request's row\n")
    widths = [max(len(row[index]) for row in (HEADINGS, *rows)) for index in range(len(HEADINGS))]
    for row in (HEADINGS, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    (RESULTS / "table.md").write_text(markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
