"""Keeps the receipts of accepted batches in a file, one a line, if the user asks for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def receipts(path: Path | None) -> Iterator[Callable[[str], None]]:
    """Gives the function that keeps a receipt: appended at once to the file, or dropped where there is none."""
    if path is None:
        yield lambda _: None
        return
    with path.open("ab", buffering=0) as file:

        def keep(receipt: str) -> None:
            # One write a line: those of several threads don't mix.
            file.write(receipt.encode() + b"\n")

        yield keep
