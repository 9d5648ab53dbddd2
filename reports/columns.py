"""Lays out a table for a terminal."""

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[str]], to_the_left: int = 2) -> list[str]:
    """The rows as text: the first columns to the left, numbers to the right."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))] if rows else []
    return [
        "  ".join(
            cell.ljust(width) if index < to_the_left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
