"""What the producer before may have sent without noting it: until it is sent again, a mark's sums would lack it."""

from MySQLdb.connections import Connection

from catalogue.publishing import statements as sql
from catalogue.publishing.due import MOST_RELEASES, open_load
from common.database import rows


class LeftOver:
    """Made when a producer takes over. It lay in the outbox then, or was the next part of the load that ran."""

    def __init__(self, connection: Connection) -> None:
        connection.rollback()
        ((self._last_change,),) = rows(connection, sql.LAST_CHANGE)
        load = open_load(connection)
        #: The load of which a part may have been sent, until that part is sent again.
        self._load = load.number if load and load.state == "running" else None
        self._resent = 0
        self._is_over = False
        connection.rollback()

    def count(self, load_no: int, releases: int, *, is_last: bool) -> None:
        """So many releases of a load are sent and noted."""
        if self._load == load_no:
            self._resent += releases
            # A turn sends no more than that of a load, and the first that were sent are the first that are sent again.
            if is_last or self._resent >= MOST_RELEASES:
                self._load = None

    def is_over(self, connection: Connection) -> bool:
        """Whether all of it is sent and noted by now. Raises MySQLdb.Error."""
        if not self._is_over and self._load is None:
            ((is_left,),) = rows(connection, sql.IS_LEFT_OVER, (self._last_change,))
            self._is_over = not is_left
        return self._is_over
