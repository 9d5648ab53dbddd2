"""The kinds of trouble a batch can meet, and which kind a database error is."""

import MySQLdb


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


#: Errors of the row's data: the batch is cut in two until the row is found.
DATA = frozenset({1048, 1264, 1265, 1292, 1300, 1366, 1367, 1406, 3819, 4025})
DUPLICATE = 1062
#: Errors that pass by themselves, or once an operator has acted on the alert; never a reason to lose a log.
TRANSIENT = frozenset(
    {
        1020,  # record has changed since last read (MariaDB 11.8's snapshot check)
        1021,  # disk full
        1114,  # table full
        1030,  # error from the storage engine
        1040,  # too many connections
        1203,  # too many connections of this user
        1226,  # user over its resource limit
        1044,  # access to the schema denied
        1045,  # access denied
        1142,  # command denied on a table
        1143,  # command denied on a column
        1049,  # unknown schema
        1053,  # shutdown in progress
        1054,  # unknown column: a migration is missing
        1136,  # column count doesn't match: a migration is missing
        1146,  # table missing: a migration is missing
        1153,  # packet too large
        1158,
        1159,
        1160,
        1161,  # network errors seen by the server
        1180,  # error during COMMIT
        1205,  # lock wait: undid one statement only
        1213,  # deadlock: undid the transaction
        1290,  # read-only
        1317,  # query interrupted
        1412,  # table definition has changed
        1526,  # no partition for the day
        3159,  # the server takes TLS alone
        1689,  # wait on a lock was aborted
        1836,  # running in read-only mode
        1792,  # read-only transaction
        1927,  # connection was killed
        1969,  # statement time limit
        3024,  # statement time limit
        2002,
        2003,
        2005,
        2006,
        2013,
        2026,
        2055,  # the connection can't be made or broke
        4031,  # disconnected for idleness
    }
)


def code_of(error: BaseException) -> int:
    """The error's number; 0 where the client library gave none."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def translate(error: MySQLdb.Error) -> Exception:
    """Transient or Stop for a database error that isn't about a row. The server's text is left out: it quotes data."""
    code = code_of(error)
    if code in TRANSIENT or (code == 0 and isinstance(error, (MySQLdb.OperationalError, MySQLdb.InterfaceError))):
        return Transient(f"database error {code} ({type(error).__name__})", str(code))
    return Stop(
        f"database error {code} ({type(error).__name__}) is none that the persister knows how to pass. Nothing of the"
        " batch was stored. Look it up in the server's manual, mend its cause, and start again."
    )
