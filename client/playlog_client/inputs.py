"""Opens what a send reads and where it remembers: files with a state beside them, or a pipe with or without one."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import cast

from playlog_client.journal import Journal
from playlog_client.source import FileSource, PipeSource, Source, count_lines
from playlog_client.state_file import BadState, StateFile

#: What makes a batch's key, and tells the time (UTC, aware).
Makers = tuple[Callable[[], str], Callable[[], datetime]]

RUN_AGAIN = "Run the same command again to send the rest: what was accepted is not sent twice."


@dataclass(frozen=True)
class Inputs:
    """What is sent, and what is remembered of it.

    `hint` is told at the start, `way_on` after a send that didn't deliver all; `total` is about how many logs there
    are, if that can be known.
    """

    sources: Sequence[Source]
    journal: Journal
    hint: str | None
    way_on: str
    total: int | None


@contextmanager
def open_inputs(
    files: Sequence[str],
    state: Path | None,
    url: str,
    make: Makers,
    pipe: BufferedReader | None = None,
) -> Iterator[Inputs]:
    """The inputs named on the command line; `pipe` is standard input unless given. Raises BadState and OSError."""
    if list(files) != ["-"]:
        with _open_files([Path(name) for name in files], state, url, make) as inputs:
            yield inputs
        return
    pipe = pipe or cast(BufferedReader, sys.stdin.buffer)
    if state is None:
        journal = Journal(lambda _record, _durable: None, *make)
        hint = "Standard input without --state: if this send is killed, it can't be resumed."
        yield Inputs([PipeSource(pipe)], journal, hint, "Without --state nothing was kept to go on from.", None)
    else:
        with _open_spooled(pipe, state, url, make) as inputs:
            yield inputs


@contextmanager
def _open_files(paths: Sequence[Path], state: Path | None, url: str, make: Makers) -> Iterator[Inputs]:
    for path in paths:
        # Before the state file is made: a mistyped name leaves nothing behind.
        with path.open("rb"):
            pass
    where = state or paths[0].with_name(paths[0].name + ".playlog-state")
    with closing(StateFile(where, *make, _subject(paths, url))) as kept:
        hint = None
        if list(paths) == [_spool_of(where)] and not kept.journal.is_whole:
            hint = "The send that wrote this spool ended before its standard input did: what comes after isn't in it."
        lines = [count_lines(path) for path in paths]
        total = None if None in lines else sum(filter(None, lines))
        yield Inputs([FileSource(path) for path in paths], kept.journal, hint, RUN_AGAIN, total)


@contextmanager
def _open_spooled(pipe: BufferedReader, state: Path, url: str, make: Makers) -> Iterator[Inputs]:
    spool = _spool_of(state)
    go_on = f"`playlog send {spool} --state {state}`"
    if spool.exists() and not state.exists():
        # It may hold logs that nobody else has, and what became of them isn't known.
        raise BadState(f"{spool} is there, but not its state {state}. Move it away, or name another --state.")
    with closing(StateFile(state, *make, _subject([spool], url))) as kept:
        if not kept.is_new:
            raise BadState(f"{state} is the state of an earlier send. Finish that by {go_on}, or name another --state.")
        with spool.open("xb") as file:
            yield Inputs([PipeSource(pipe, file)], kept.journal, None, f"Finish it by {go_on}.", None)


def _spool_of(state: Path) -> Path:
    return state.with_name(state.name + ".spool")


def _subject(paths: Sequence[Path], url: str) -> dict[str, object]:
    return {"server": url.rstrip("/"), "files": [str(path.absolute()) for path in paths]}
