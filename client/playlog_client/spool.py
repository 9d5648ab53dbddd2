"""The queue on disk: logs that were handed over, cut into batches whose keys are saved before their first try."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playlog_client.batch import CLOSING, Batch, Target, opening
from playlog_client.entry import Refusal
from playlog_client.lines import MAX_BODY_BYTES, Line
from playlog_client.queue_file import QueueFile
from playlog_client.queued import QueueFull, RefusedLog, Undecided, UnknownKey, text_of

#: Receipts that are kept; older ones make room.
MOST_RECEIPTS = 10_000


class Spool:
    """The queue of one server and stream. May be used from several threads.

    A log is in one of three places: waiting, in a batch, or gone since its batch was accepted, or it was refused and
    set aside. A batch keeps its logs and its key until that is decided. It is also the journal of its deliveries.
    """

    def __init__(
        self, folder: Path, subject: str, new_key: Callable[[], str], now: Callable[[], float], most_logs: int
    ) -> None:
        """Opens or makes the queue. Raises QueueInUse."""
        self._new_key, self._now, self._most_logs = new_key, now, most_logs
        self._file = QueueFile(folder, subject)
        # Counted once, then kept up to date: counting a million rows takes longer than a hundred puts.
        self._logs = self._counted()

    def put(self, logs: Iterable[Mapping[str, object]], target: Target, at: float) -> None:
        """Puts logs at the end, all of them or none. They are on the disk on return. Raises NotALog and QueueFull."""
        rows = [(json.dumps(target.query(text)), text, at) for text in map(text_of, logs)]
        with self._file.reading():
            if self._logs + len(rows) > self._most_logs:
                raise QueueFull(f"the queue holds {self._logs} logs of at most {self._most_logs}")
            with self._file.changing() as database:
                database.executemany("INSERT INTO log (query, text, put_at) VALUES (?, ?, ?)", rows)
            self._logs += len(rows)

    def __len__(self) -> int:
        """How many logs are waiting or in a batch."""
        return self._logs

    def oldest(self) -> float | None:
        """When the first of them was put."""
        with self._file.reading() as database:
            found = database.execute("SELECT put_at FROM log ORDER BY id LIMIT 1").fetchone()
        return None if found is None else float(found[0])

    def batches(self, target: Target, most_logs: int) -> Iterator[Batch]:
        """First those that an earlier run left, under their keys; then what waits, under new ones, saved before."""
        with self._file.reading() as database:
            left = database.execute("SELECT number, key, tried, since FROM batch ORDER BY number").fetchall()
        for number, key, tried, since in left:
            known = None if since is None else datetime.fromtimestamp(since, UTC)
            yield replace(self._batch(number, key, target), may_be_kept=bool(tried), since=known)
        while (batch := self._next(target, most_logs)) is not None:
            yield batch

    def accept(self, number: int, receipt: str, at: str) -> None:
        """The batch got its 200, or was found to be kept, without a receipt: its logs are gone from here."""
        with self._file.reading():
            with self._file.changing() as database:
                logs = database.execute("DELETE FROM log WHERE batch = ?", (number,)).rowcount
                database.execute("DELETE FROM batch WHERE number = ?", (number,))
                if receipt:
                    database.execute("INSERT INTO receipt (receipt, logs, at) VALUES (?, ?, ?)", (receipt, logs, at))
                keep = "DELETE FROM receipt WHERE number <= (SELECT MAX(number) FROM receipt) - ?"
                database.execute(keep, (MOST_RECEIPTS,))
            self._logs -= logs

    def set_aside(self, number: int) -> None:
        """No try of the batch can have been kept."""
        with self._file.changing() as database:
            database.execute("UPDATE batch SET tried = 0 WHERE number = ?", (number,))

    def replace(self, batch: Batch, refused: Sequence[Refusal], parts: Sequence[Sequence[Line]]) -> list[Batch]:
        """Puts batches under new keys in the place of one that can't be accepted, and refused logs aside."""
        reasons: dict[int, list[dict[str, str]]] = {}
        for each in refused:
            said = {"pointer": each.pointer, "rule": each.rule, "message": each.message}
            reasons.setdefault(each.line, []).append(said)
        with self._file.reading():
            with self._file.changing() as database:
                for number, why in reasons.items():
                    aside = "INSERT OR REPLACE INTO refused SELECT id, text, ? FROM log WHERE id = ?"
                    database.execute(aside, (json.dumps(why), number))
                    database.execute("DELETE FROM log WHERE id = ?", (number,))
                database.execute("UPDATE log SET batch = NULL WHERE batch = ?", (batch.number,))
                database.execute("DELETE FROM batch WHERE number = ?", (batch.number,))
                target = Target(batch.stream)
                made = [self._assign(database, [line.number for line in part], target) for part in parts]
            self._logs -= len(reasons)
        return made

    def undecided(self) -> list[Undecided]:
        """The batches of which a try may have been kept, the oldest first."""
        sql = """
SELECT key, COUNT(*), COALESCE(since, MIN(put_at)) FROM batch JOIN log ON log.batch = batch.number WHERE tried = 1
GROUP BY batch.number ORDER BY batch.number"""
        with self._file.reading() as database:
            found = database.execute(sql).fetchall()
        return [Undecided(key, logs, datetime.fromtimestamp(since, UTC)) for key, logs, since in found]

    def settle(self, key: str, *, kept: bool, at: str) -> None:
        """Somebody has looked whether the batch was kept. Raises UnknownKey."""
        with self._file.reading() as database:
            found = database.execute("SELECT number FROM batch WHERE key = ? AND tried = 1", (key,)).fetchone()
            if found is None:
                raise UnknownKey(f"no undecided batch has the key {key}")
            if kept:
                self.accept(found[0], "", at)
            else:
                self.set_aside(found[0])

    def refused(self) -> list[RefusedLog]:
        """The logs that were set aside, the oldest first."""
        with self._file.reading() as database:
            found = database.execute("SELECT text, reasons FROM refused ORDER BY id").fetchall()
        return [RefusedLog(json.loads(text), json.loads(reasons)) for text, reasons in found]

    def forget_refused(self) -> None:
        """They were looked at."""
        with self._file.changing() as database:
            database.execute("DELETE FROM refused")

    def receipts(self) -> list[tuple[str, int, str]]:
        """Receipt, number of logs and moment of each accepted batch, the oldest first."""
        with self._file.reading() as database:
            return list(database.execute("SELECT receipt, logs, at FROM receipt ORDER BY number"))

    def close(self) -> None:
        """Closes the file; the queue stays."""
        self._file.close()

    def _next(self, target: Target, most_logs: int) -> Batch | None:
        """Cuts the next batch from the logs of one address that have waited the longest."""
        with self._file.changing() as database:
            first = database.execute("SELECT query FROM log WHERE batch IS NULL ORDER BY id LIMIT 1").fetchone()
            if first is None:
                return None
            waiting = "SELECT id, LENGTH(text) FROM log WHERE batch IS NULL AND query = ? ORDER BY id LIMIT ?"
            numbers: list[int] = []
            size = len(opening(target.stream)) + len(CLOSING)
            for number, length in database.execute(waiting, (first[0], most_logs)).fetchall():
                size += length + 1
                if numbers and size > MAX_BODY_BYTES:
                    break
                numbers.append(number)
            return self._assign(database, numbers, target)

    def _assign(self, database: sqlite3.Connection, numbers: Sequence[int], target: Target) -> Batch:
        """Makes a batch of these logs, in the open transaction. It is marked as tried: its first try follows."""
        key = self._new_key()
        made = database.execute("INSERT INTO batch (key, tried, since) VALUES (?, 1, ?)", (key, self._now()))
        number = made.lastrowid
        assert number is not None
        database.executemany("UPDATE log SET batch = ? WHERE id = ?", [(number, each) for each in numbers])
        return self._batch(number, key, target)

    def _batch(self, number: int, key: str, target: Target) -> Batch:
        with self._file.reading() as database:
            sql = "SELECT id, text, query FROM log WHERE batch = ? ORDER BY id"
            rows = database.execute(sql, (number,)).fetchall()
            # From now on it may be kept, whatever was known before.
            again = "UPDATE batch SET tried = 1, since = ? WHERE number = ? AND tried = 0"
            database.execute(again, (self._now(), number))
        query = tuple((name, value) for name, value in json.loads(rows[0][2]))
        lines = tuple(Line(each, text) for each, text, _ in rows)
        return Batch(number, key, "queue", lines, stream=target.stream, query=query)

    def _counted(self) -> int:
        with self._file.reading() as database:
            return int(database.execute("SELECT COUNT(*) FROM log").fetchone()[0])
