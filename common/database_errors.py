"""Which kind of trouble an error of the database is."""

import MySQLdb

#: Errors of the row's data: the batch is cut in two until the row is found.
DATA = frozenset({1048, 1264, 1265, 1292, 1300, 1366, 1367, 1406, 3819, 4025})
DUPLICATE = 1062
#: The user may not read this, or it isn't there: a database from before this version's migrations or grants.sql.
NOT_ALLOWED = frozenset({1142, 1143, 1146})
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


def is_passing(error: MySQLdb.Error) -> bool:
    """Whether it passes by itself, or once an operator has acted on the alert: try again, and lose nothing."""
    code = code_of(error)
    return code in TRANSIENT or (code == 0 and isinstance(error, (MySQLdb.OperationalError, MySQLdb.InterfaceError)))
