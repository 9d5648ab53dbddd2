"""The queue's file: an SQLite database, changed in transactions that are done or not done, whatever is killed.

SQLite comes with Python. Its log is written ahead (WAL) and flushed at each commit (synchronous=FULL): what a change
returned from is on the disk.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from playlog_client.queued import QueueBroken, QueueInUse

TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batch (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, tried INTEGER NOT NULL,
  since REAL);
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, text BLOB NOT NULL,
  put_at REAL NOT NULL, batch INTEGER REFERENCES batch (number));
CREATE INDEX IF NOT EXISTS waiting ON log (batch, query, id);
CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY, text BLOB NOT NULL, reasons TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS receipt (number INTEGER PRIMARY KEY AUTOINCREMENT, receipt TEXT NOT NULL,
  logs INTEGER NOT NULL, at TEXT NOT NULL);
"""
NAME = "queue.sqlite"


class QueueFile:
    """The database, which one thread at a time may use. It belongs to this process alone."""

    def __init__(self, folder: Path, subject: str) -> None:
        """Opens or makes it. Raises QueueInUse, also when it is the queue of another `subject`."""
        self._lock = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(folder / NAME, check_same_thread=False, isolation_level=None, timeout=1)
            self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + TABLES)
            _bring_up_to_date(self._database)
            self._database.execute("INSERT OR IGNORE INTO about VALUES ('subject', ?)", (subject,))
            found = self._database.execute("SELECT value FROM about WHERE name = 'subject'").fetchone()[0]
        except (sqlite3.Error, OSError) as error:
            raise QueueInUse(f"the queue in {folder} can't be used: {error}") from error
        if found != subject:
            self._database.close()
            raise QueueInUse(f"this folder's queue is that of {found}, not of {subject}: name another folder")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For statements that stand alone. Raises QueueBroken."""
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise QueueBroken(f"the queue's file can't be used: {error}") from error

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: on return all of it is on the disk; after any exception, nothing. Raises QueueBroken."""
        with self.reading() as database:
            try:
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
            except BaseException:
                # A full disk has ended the transaction already; a COMMIT that failed has left it open.
                with suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Closes the file; the queue stays."""
        with self._lock:
            self._database.close()


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    """Queues of the first version don't say since when a batch may be kept; it is unknown for those in them."""
    if "since" not in {row[1] for row in database.execute("PRAGMA table_info(batch)")}:
        database.execute("ALTER TABLE batch ADD COLUMN since REAL")


def claim(folder: Path) -> BinaryIO:
    """Makes this process the only one to send from the folder. The kernel lets go of it, however the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise QueueInUse(f"{folder} is in use by another sender: give each process a folder of its own") from error
    return lock
