"""Takes a listener's name out of a usage file that was handed over: the same rows, a token in two of their cells."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from reports.files import Made, compress
from reports.usage import COLUMNS, ERRORS, LINE_END, guard

USER_ID, USER_AGENT = COLUMNS.index("user_id"), COLUMNS.index("user_agent")


def rename_in(packed: Path, making: Path, user_id: str, token: str) -> Made | None:
    """Writes the file without the listener's name into the folder `making`; None when it doesn't name the listener.

    All other bytes of the rows stay: a report that is made again from the renamed rows has the same file.
    """
    plain = making / packed.name.removesuffix(".gz")
    wanted, rows, changed = guard(user_id), 0, 0
    with plain.open("w", encoding="utf-8", errors=ERRORS, newline="") as out:
        writer = csv.writer(out, lineterminator=LINE_END)
        for row in _rows(packed):
            if row[USER_ID] == wanted and rows:
                row[USER_ID] = row[USER_AGENT] = guard(token)
                changed += 1
            writer.writerow(row)
            rows += 1
    if not changed:
        plain.unlink()
        return None
    return compress(plain, rows - 1)


def rows_of(packed: Path, user_id: str) -> Iterator[list[str]]:
    """The listener's rows in a usage file, cells as they stand there."""
    wanted = guard(user_id)
    return (row for number, row in enumerate(_rows(packed)) if number and row[USER_ID] == wanted)


def _rows(packed: Path) -> Iterator[list[str]]:
    """All rows, the header first."""
    with gzip.open(packed, "rt", encoding="utf-8", errors=ERRORS, newline="") as opened:
        yield from csv.reader(opened)
