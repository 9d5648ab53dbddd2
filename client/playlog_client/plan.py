"""Turns the inputs and the journal into the batches that are still to be sent, in the order of the inputs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from playlog_client.batch import PREVIEWS, Batch, Target, cut
from playlog_client.entry import Entry, Refusal, digest_of
from playlog_client.journal import Journal
from playlog_client.lines import Line
from playlog_client.source import Source


class Changed(Exception):
    """An input isn't what it was when its batches got their keys. The message says what to do."""


def planned(
    sources: Sequence[Source],
    journal: Journal,
    most_logs: int,
    tell_refused: Callable[[Sequence[Refusal]], None],
    target: Target = PREVIEWS,
) -> Iterator[Batch]:
    """First what an earlier run left, under its keys; then what it hadn't come to, under new ones, saved before.

    Lines that can't be sent are told as they are found. Holds one batch. Raises Changed, CannotRead and OSError.
    """
    for number, source in enumerate(sources):
        lines = source.lines()
        for root in journal.roots(number):
            yield from _left(root, lines, source.name, journal, target)
        for group in cut(lines, most_logs, target):
            refused = [
                Refusal(source.name, line.number, "", "line", line.problem)
                for line in group
                if line.problem is not None
            ]
            source.sync()
            entry = journal.plan(number, group, refused)
            if refused:
                tell_refused(refused)
            if entry.logs:
                yield _batch(entry, source.name, entry.pick(group), target)
        if source.is_pipe:
            journal.end()


def _left(root: Entry, lines: Iterator[Line], name: str, journal: Journal, target: Target) -> Iterator[Batch]:
    """What is still to be sent of a batch of an earlier run."""
    taken = []
    for line in lines:
        taken.append(line)
        if line.number >= root.last:
            break
    # Also for batches that are done: a new file under an old name must not be taken for sent.
    if digest_of(root.pick(taken)) != root.digest:
        raise Changed(
            f"{name} has changed in lines {root.first}-{root.last} since it was sent. If it is another file now,"
            " name another --state; if not, put the old one back."
        )
    for entry in journal.still_to_send(root.number):
        may_be_kept = journal.take_up(entry.number)
        batch = _batch(entry, name, entry.pick(taken), target)
        yield replace(batch, may_be_kept=may_be_kept, since=journal.since(entry.number))


def _batch(entry: Entry, name: str, lines: tuple[Line, ...], target: Target) -> Batch:
    """All lines of a batch have one address."""
    query = target.query(lines[0].text)
    return Batch(entry.number, entry.key, name, lines, stream=target.stream, query=query)
