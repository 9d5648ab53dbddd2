"""A batch and a refused log as the state file remembers them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from playlog_client.batch import body_of
from playlog_client.lines import Line


@dataclass(frozen=True)
class Refusal:
    """One reason for which a log is not accepted."""

    file: str
    line: int
    pointer: str
    rule: str
    message: str


@dataclass(frozen=True)
class Entry:
    """A batch: the lines `first` to `last` of a file without those left out, its key, and a digest of its body.

    Blank lines don't count: they are in nobody's range and in nobody's list.
    """

    number: int
    key: str
    file: int
    first: int
    last: int
    logs: int
    digest: str
    leaves_out: tuple[int, ...] = ()

    def pick(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Its own lines among these."""
        return tuple(
            line for line in lines if self.first <= line.number <= self.last and line.number not in self.leaves_out
        )


@dataclass(frozen=True)
class Part:
    """The lines of a batch to be, and the numbers within its range that it leaves out."""

    file: int
    lines: Sequence[Line]
    leaves_out: Collection[int] = ()

    def entry(self, number: int, key: str) -> Entry:
        """The batch, under its number and key."""
        sent = [line for line in self.lines if line.number not in self.leaves_out]
        first, last = self.lines[0].number, self.lines[-1].number
        left_out = tuple(sorted(each for each in self.leaves_out if first <= each <= last))
        return Entry(number, key, self.file, first, last, len(sent), digest_of(sent), left_out)


def digest_of(lines: Sequence[Line]) -> str:
    """SHA-256 of the body that these lines make."""
    return hashlib.sha256(body_of(lines)).hexdigest()
