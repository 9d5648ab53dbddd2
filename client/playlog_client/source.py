"""Where the logs come from: a file, or a pipe that is copied to a spool as it is read."""

import os
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Protocol

from playlog_client.lines import Line, read_lines, unpacked

PIECE_BYTES = 1 << 20


class Source(Protocol):
    """One input."""

    name: str
    is_pipe: bool

    def lines(self) -> Iterator[Line]:
        """Its lines, from the first on."""

    def sync(self) -> None:
        """Returns when all the lines given so far can be read again after a kill."""


class FileSource:
    """A file, which stays where it is."""

    is_pipe = False

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    def lines(self) -> Iterator[Line]:
        with self._path.open("rb") as file:
            yield from read_lines(file, self.name)

    def sync(self) -> None:
        pass


class PipeSource:
    """A pipe. With a spool, each line goes into that file, under the same number, before it is sent.

    Without one, what was read is gone when the process is: such a send can't be resumed.
    """

    name = "standard input"
    is_pipe = True

    def __init__(self, pipe: BufferedReader, spool: BinaryIO | None = None) -> None:
        self._pipe, self._spool = pipe, spool

    def lines(self) -> Iterator[Line]:
        spooled = 0
        for line in read_lines(self._pipe, self.name):
            if self._spool is not None:
                # Blank lines keep their place; one that can't be sent is marked, so that its number is still taken.
                self._spool.write(b"\n" * (line.number - spooled - 1) + (line.text or b"#") + b"\n")
                spooled = line.number
            yield line

    def sync(self) -> None:
        if self._spool is not None:
            self._spool.flush()
            os.fsync(self._spool.fileno())


def count_lines(path: Path) -> int | None:
    """About how many logs a file holds, for the progress bar; None for a damaged one, which the send will report."""
    try:
        with path.open("rb") as file:
            stream = unpacked(file)
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(PIECE_BYTES), b""))
    except (OSError, EOFError, zlib.error):
        return None
