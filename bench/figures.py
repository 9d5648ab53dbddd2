"""What a benchmark found: a table for people on standard output, a flat JSON file for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.ground import BUILD
from bench.machine import machine
from bench.memory import Memory

Row = Sequence[object]


def table(heads: Sequence[str], rows: Sequence[Row]) -> str:
    """Columns under their heads: the first to the left, numbers to the right."""
    lines = [list(heads), *([_shown(value) for value in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def memory_table(found: list[Memory]) -> str:
    """Memory of each process, in MB."""
    rows = [(each.name, each.now_mb, each.own_mb, each.peak_mb) for each in found]
    return table(("memory after the load", "MB", "of it its own", "at most"), rows)


def publish(name: str, figures: Mapping[str, float], *tables: str, folder: Path = BUILD) -> None:
    """Prints machine and tables, and writes FOLDER/NAME.json: {"name": number}."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({key: round(value, 4) for key, value in figures.items()}, indent=2) + "\n")
    print("\n\n".join(["", machine(), *tables, f"written to {path}"]), flush=True)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
