"""What `playlog dead-letters replay` and `drop` do: a letter at a time, each in a transaction of its own."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from MySQLdb.connections import Connection
from tqdm import tqdm

from common.clock import SystemClock
from common.locks import REPORT_LOCK, named_lock
from consumer.erased import ErasedListeners
from consumer.letters.book import Letter, Wanted, close, find
from consumer.letters.replay import Refused, Replayer

#: Letters read at a time.
MOST = 1_000_000
#: Between so many a report may have its turn.
LETTERS_A_LOCK = 200
LOCK_WAIT_SECONDS = 600


@dataclass(frozen=True)
class Statement:
    """Who closes letters, and why."""

    reason: str
    operator: str


def replay(connection: Connection, wanted: Wanted, statement: Statement, secret: str, *, rehearse: bool) -> int:
    """Stores what can be stored; says of each other letter why it can't. Raises MySQLdb.Error or LockTaken."""
    letters = find(connection, wanted, MOST)
    replayer = Replayer(connection, ErasedListeners(secret), statement.operator, SystemClock())
    refused: list[str] = []
    days: dict[object, int] = {}
    repeats = 0
    with tqdm(total=len(letters), unit="letter", disable=len(letters) < LETTERS_A_LOCK) as bar:
        for chunk in _chunks(letters):
            with named_lock(connection, REPORT_LOCK, LOCK_WAIT_SECONDS):
                for letter in chunk:
                    bar.update()
                    try:
                        done = replayer.replay(letter, statement.reason, rehearse=rehearse)
                    except Refused as reason:
                        refused.append(f"dead letter {letter.id} stays open: {reason}")
                        continue
                    days[done.day] = days.get(done.day, 0) + done.stored
                    repeats += done.duplicate
    would = "would be" if rehearse else "are"
    for day, stored in days.items():
        print(f"{stored} logs {would} stored, booked on {day}")
    if repeats:
        print(f"{repeats} logs {would} counted as repeats: they had been stored before")
    _tell_none(letters)
    print(*refused, sep="\n", end="\n" if refused else "", file=sys.stderr)
    return 1 if refused else 0


def drop(connection: Connection, wanted: Wanted, statement: Statement) -> int:
    """Closes letters for good. Raises MySQLdb.Error."""
    letters = find(connection, wanted, MOST)
    dropped = 0
    for letter in letters:
        dropped += close(connection, letter.id, "dropped", statement.operator, statement.reason)
        connection.commit()
    if letters:
        print(f"{dropped} dead letters are dropped: their logs stay counted as dead-lettered in their days' reports.")
    _tell_none(letters)
    return 0


def _tell_none(letters: Sequence[Letter]) -> None:
    if not letters:
        print("No open dead letter is meant by that.")


def _chunks(letters: Sequence[Letter]) -> list[Sequence[Letter]]:
    return [letters[start : start + LETTERS_A_LOCK] for start in range(0, len(letters), LETTERS_A_LOCK)]
