"""The kinds of trouble a batch can meet, and which kind a database error is."""

import MySQLdb

from common.database_errors import DATA, DUPLICATE, code_of, is_passing


class Transient(Exception):
    """Nothing was stored and nothing is wrong with the batch: wait, then try the whole of it again.

    `kind` is a word for metrics: kafka, clock, ledger, or the number of the database's error.
    """

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Stop(Exception):
    """Going on could lose or double a log. The message says what is wrong, what is lost, and the way out."""


class Hold(Exception):
    """Nothing was stored; the partition stays paused until an operator has looked."""


class Abandoned(Exception):
    """The partition was taken away while its batch was being written; nothing of the batch was stored."""


class Collision(Exception):
    """A unique key was met (1062): somebody stored the same just now. `known` is what the look-up had found."""

    def __init__(self, known: int) -> None:
        super().__init__(f"a unique key was met after {known} repeats had been found")
        self.known = known


def translate(error: MySQLdb.Error) -> Exception:
    """Transient or Stop for a database error that isn't about a row. The server's text is left out: it quotes data."""
    code = code_of(error)
    if is_passing(error):
        return Transient(f"database error {code} ({type(error).__name__})", str(code))
    return Stop(
        f"database error {code} ({type(error).__name__}) is none that the persister knows how to pass. Nothing of the"
        " batch was stored. Look it up in the server's manual, mend its cause, and start again."
    )


__all__ = ["DATA", "DUPLICATE", "Abandoned", "Collision", "Hold", "Stop", "Transient", "code_of", "translate"]
