"""One view of the data centre's database, as of one moment, from which a whole report is read."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any, TypeVar, cast

from MySQLdb.connections import Connection
from MySQLdb.cursors import SSCursor

from common.database import DatabaseUrl, connect, rows, run
from reports import queries
from reports.balance import Account, Replay, Tally
from reports.books import ONE_DAY, Books, Cut, Gap, Place, Span
from reports.proof import Ledger
from reports.usage import PlayRow

#: Between two reads the session idles only while the brokers are asked and files are made.
IDLE_SECONDS = 120
#: A count over a day of many requests.
ANSWER_SECONDS = 600
#: An ALTER of the partitions holds the table for a moment; a report can wait for it.
LOCK_SECONDS = 60
FETCH_ROWS = 2_000
#: A client that has sent something within so many days gets a file, if only with a header.
KNOWN_DAYS = 31


class Snapshot:
    """Reads through one REPEATABLE READ transaction: cuts, counts and rows all belong to the same moment.

    Every method raises MySQLdb.Error when the database is lost.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        run(connection, queries.REPEATABLE_READ)
        run(connection, queries.PATIENT)
        run(connection, queries.BEGIN)

    def ledger(self, topic: str, day: date) -> Ledger:
        """The books of every partition and the gaps that may touch the day."""
        cuts: dict[Place, dict[date, Cut]] = {}
        for topic_id, number, cut_day, offset, cause in self._rows(queries.CUTS, (day - ONE_DAY, day)):
            cuts.setdefault((topic_id, number), {})[cut_day] = Cut(offset, cause)
        positions = {(row[0], row[1]): row[2] for row in self._rows(queries.POSITIONS, (topic,))}
        places = cuts.keys() | positions.keys()
        books = {place: Books(place, cuts.get(place, {}), positions.get(place)) for place in places}
        return Ledger(topic, books, [_gap(row) for row in self._rows(queries.GAPS, ())])

    def tallies(self, span: Span, day: date) -> dict[Account, Tally]:
        """The request rows within the span, summed by client and stream."""
        found = self._rows(queries.REQUEST_TALLY, (day, *span.place, span.first, span.end))
        return {(row[0], row[1], bool(row[2])): Tally(*(int(value) for value in row[3:])) for row in found}

    def replays(self, day: date) -> list[Replay]:
        """The dead letters that were stored on the day."""
        return [
            Replay((client, stream, bool(is_test)), first_day, letters, int(stored), int(duplicate))
            for client, stream, is_test, first_day, letters, stored, duplicate in self._rows(queries.REPLAYS, (day,))
        ]

    def has_rows_of(self, day: date) -> bool:
        """Whether the day's logs are still there, rather than removed by retention."""
        return bool(self._rows(queries.HAS_PARTITION, (f"p{day:%Y%m%d}",))[0][0])

    def known_clients(self, day: date) -> list[str]:
        """Who has sent anything within KNOWN_DAYS up to the day, in order, without test clients."""
        found: set[str] = set()
        for number in range(KNOWN_DAYS):
            earlier = day - number * ONE_DAY
            for (client,) in self._rows(queries.CLIENTS_OF_DAY, (earlier,)):
                if client not in found and not self._rows(queries.IS_TEST_CLIENT, (earlier, client))[0][0]:
                    found.add(client)
        return sorted(found)

    def requests_of_day(self, day: date) -> int:
        """The request rows that say they belong to the day."""
        return int(self._rows(queries.REQUESTS_OF_DAY, (day,))[0][0])

    def stored_requests(self, day: date) -> Iterator[tuple[Any, ...]]:
        """The requests among which repeats are looked for, in no order."""
        return self._stream(queries.STORED_REQUESTS, (day, day - 2 * ONE_DAY, day))

    def play_rows(self, day: date) -> Iterator[PlayRow]:
        """The day's logs in primary key order."""
        return cast(Iterator[PlayRow], self._stream(queries.PLAY_ROWS, (day,)))

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        return rows(self._connection, sql, values)

    def _stream(self, sql: str, values: tuple[object, ...]) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(SSCursor) as cursor:
            cursor.execute(sql, values)
            while batch := cursor.fetchmany(FETCH_ROWS):
                yield from batch


Kind = TypeVar("Kind", bound=Snapshot)


@contextmanager
def open_snapshot(url: DatabaseUrl, password: str, kind: type[Kind]) -> Iterator[Kind]:
    """A snapshot, closed at the end: nothing is held open while files are compressed."""
    with closing(
        connect(url, password, idle_seconds=IDLE_SECONDS, lock_seconds=LOCK_SECONDS, answer_seconds=ANSWER_SECONDS)
    ) as connection:
        yield kind(connection)


def _gap(row: tuple[Any, ...]) -> Gap:
    topic_id, number, first, end, reason, operator, declared_at, declared_on = row
    return Gap((topic_id, number), first, end, reason, operator, declared_at, declared_on)
