"""The queue's file when its disk is full or fails, and how the queue counts."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from client_tests.loopback import Posted, start
from client_tests.sender_case import SenderCase
from client_tests.sending_fakes import FakeServer
from playlog_client import Options, Outcome, QueueBroken, Sender
from playlog_client.queue_file import QueueFile
from playlog_client.verdict import Reply


class FullDiskTest(SenderCase):
    """SQLite's own limit of pages stands for a disk that is full."""

    def test_a_full_disk_is_said_and_keeps_what_was_put_and_nothing_of_the_call(self) -> None:
        sender = self.sender(most_logs=500)
        put = 0
        with limited(sender, pages=30), self.assertRaisesRegex(QueueBroken, "full"):
            while True:
                sender.put({"n": put + 1, "x": "y" * 1000})
                put += 1
        with limited(sender, pages=30), self.assertRaisesRegex(QueueBroken, "full"):
            sender.put({"n": 0}, {"n": 0, "x": "y" * 100_000})
        self.assertEqual(len(sender), put)
        sender.put({"n": put + 1})
        self.assertEqual(sender.flush(), Outcome(put + 1, 0, 0))
        self.assertEqual(self.server.numbers, list(range(1, put + 2)))

    def test_a_commit_that_fails_leaves_nothing_of_it_and_no_transaction_open(self) -> None:
        sender = self.sender()
        sender.put({"n": 1})
        database = file_of(sender)
        database.executescript(
            "PRAGMA foreign_keys = ON; CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
            # Deferred, so that it is COMMIT that fails, and not the INSERT.
            "CREATE TRIGGER orphan AFTER INSERT ON log BEGIN INSERT INTO child VALUES (7); END;"
        )
        with self.assertRaisesRegex(QueueBroken, "FOREIGN KEY"):
            sender.put({"n": 2})
        self.assertFalse(database.in_transaction)
        database.execute("DROP TRIGGER orphan")
        self.assertEqual(len(sender), 1)
        sender.put({"n": 3})
        self.assertEqual(sender.flush(), Outcome(2, 0, 0))
        self.assertEqual(self.server.numbers, [1, 3])

    def test_the_background_tells_it_and_does_not_end(self) -> None:
        fake, told, sent = FakeServer(), threading.Event(), threading.Event()

        def act(posted: Posted) -> Reply:
            reply = fake.post(posted.request)
            sent.set()
            return reply

        class Tells(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                told.set()

        handler = Tells()
        logging.getLogger("playlog_client.sender").addHandler(handler)
        self.addCleanup(logging.getLogger("playlog_client.sender").removeHandler, handler)
        options = Options(most_logs=1, age=0.01, pause=0.01)
        sender = Sender(start(self, act).url, "k", self.folder / "queue", options=options)
        self.addCleanup(sender.close)
        sender.put({"n": 1})
        file_of(sender).execute("ALTER TABLE batch RENAME TO gone")
        sender.start()
        self.assertTrue(told.wait(20))
        self.assertIn("no such table", sender.last_outcome.problem or "" if sender.last_outcome else "")
        file_of(sender).execute("ALTER TABLE gone RENAME TO batch")
        self.assertTrue(sent.wait(20))
        self.assertEqual(fake.numbers, [1])


class CountTest(SenderCase):
    def test_the_count_is_that_of_the_rows_after_every_kind_of_change(self) -> None:
        sender = self.sender(most_logs=4)

        def check(expected: int) -> None:
            self.assertEqual(len(sender), expected)
            self.assertEqual(file_of(sender).execute("SELECT COUNT(*) FROM log").fetchone()[0], expected)

        sender.put({"n": 1}, {"n": 2, "bad": "trackId"}, {"n": 3, "bad": "country"})
        check(3)
        self.server.faults = [Reply(500)]
        sender.flush()
        check(3)
        sender = self.restart(sender, most_logs=4)
        check(3)
        sender.flush()
        check(0)

    def test_a_put_only_writes_and_so_takes_no_longer_in_a_long_queue(self) -> None:
        """Counting a million rows takes longer than a hundred puts, and a queue is long when the server was away."""
        sender = self.sender()
        said: list[str] = []
        file_of(sender).set_trace_callback(said.append)
        sender.put({"n": 0})
        self.assertEqual([each.split()[0] for each in said], ["BEGIN", "INSERT", "COMMIT"])


@contextmanager
def limited(sender: Sender, pages: int) -> Iterator[None]:
    """The disk has room for so many pages alone."""
    file_of(sender).execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        file_of(sender).execute("PRAGMA max_page_count = 1000000")


def file_of(sender: Sender) -> sqlite3.Connection:
    """The very connection that the sender uses: a limit, or a trigger, is seen by it at once."""
    file = sender._spool._file
    assert isinstance(file, QueueFile)
    return file._database
