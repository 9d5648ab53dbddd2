"""Shows how far a send is: a bar on a terminal, plain lines elsewhere; and lists refused logs."""

import threading
from collections.abc import Sequence
from typing import Protocol, TextIO

from tqdm import tqdm

from playlog_client.entry import Refusal
from playlog_client.timer import Timer

SECONDS_BETWEEN_LINES = 10.0


class Progress(Protocol):
    """Told of what happens. May be used from several threads."""

    def advance(self, logs: int) -> None:
        """So many more logs are decided."""

    def note(self, text: str) -> None:
        """Something the user should know now."""

    def list_refused(self, refused: Sequence[Refusal]) -> None:
        """Logs that are not accepted, with the reasons."""

    def close(self) -> None:
        """Nothing more comes."""


def sentence(refusal: Refusal) -> str:
    """A refusal on one line: file, line, pointer, rule, message."""
    return f"{refusal.file}:{refusal.line}: {refusal.pointer or '-'} [{refusal.rule}] {refusal.message}"


class Bar:
    """A bar with rate and time left, and notes above it."""

    def __init__(self, out: TextIO, listing: TextIO, total: int | None, done: int) -> None:
        self._out, self._listing = out, listing
        self._bar = tqdm(file=out, total=total, initial=done, unit=" logs", smoothing=0.1, dynamic_ncols=True)
        self._lock = threading.Lock()

    def advance(self, logs: int) -> None:
        with self._lock:
            self._bar.update(logs)

    def note(self, text: str) -> None:
        self._bar.write(text, file=self._out)

    def list_refused(self, refused: Sequence[Refusal]) -> None:
        for each in refused:
            self._bar.write(sentence(each), file=self._listing)

    def close(self) -> None:
        self._bar.close()


class PlainLines:
    """A line now and then, for logs and pipes; with `is_quiet`, notes and refusals alone."""

    def __init__(
        self, out: TextIO, listing: TextIO, total: int | None, done: int, timer: Timer, *, is_quiet: bool = False
    ) -> None:
        self._out, self._listing = out, listing
        self._total, self._first, self._done = total, done, done
        self._timer, self._is_quiet = timer, is_quiet
        self._began = self._told = timer.monotonic()
        self._lock = threading.Lock()

    def advance(self, logs: int) -> None:
        with self._lock:
            self._done += logs
            now = self._timer.monotonic()
            if self._is_quiet or now - self._told < SECONDS_BETWEEN_LINES:
                return
            self._told = now
            rate = (self._done - self._first) / (now - self._began)
            of = f" of {self._total:,}" if self._total is not None else ""
            left = f", {(self._total - self._done) / rate:.0f} s left" if self._total is not None and rate else ""
            print(f"{self._done:,}{of} logs, {rate:,.0f}/s{left}", file=self._out, flush=True)

    def note(self, text: str) -> None:
        with self._lock:
            print(text, file=self._out, flush=True)

    def list_refused(self, refused: Sequence[Refusal]) -> None:
        with self._lock:
            print(*map(sentence, refused), sep="\n", file=self._listing, flush=True)

    def close(self) -> None:
        pass
